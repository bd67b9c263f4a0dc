/// Reads configuration files.
package enum ConfigLoader {
    /// Reads the file at `path`. Throws every error at once; a YAML syntax error and a file that cannot be read stand
    /// alone. The API key is neither read nor looked for.
    package static func load(path: String) throws(ConfigFailure) -> LoadedConfig {
        let bytes: [UInt8]
        do {
            bytes = try FileContents.read(path, limit: YAMLReader.maxBytes)
        } catch {
            throw ConfigFailure(path: path, problems: [ConfigProblem(mark: nil, message: error.message)])
        }
        return try read(bytes, path: path, files: FileState.ofPath)
    }

    /// Reads a text as if it were the file at `path`; `files` answers for the files that it names.
    package static func read(
        text: String, path: String, files: @escaping FileProbe = FileState.ofPath
    ) throws(ConfigFailure) -> LoadedConfig {
        try read(Array(text.utf8), path: path, files: files)
    }

    /// Reads bytes that need not even be UTF-8.
    static func read(_ bytes: [UInt8], path: String, files: @escaping FileProbe) throws(ConfigFailure)
        -> LoadedConfig
    {
        let document: YAMLDocument
        do {
            document = try YAMLReader.read(bytes)
        } catch {
            var problem = ConfigProblem(mark: error.mark, message: error.message)
            let source = SourceText(bytes: bytes)
            problem.excerpt = source.excerpt(at: error.mark, hiding: source.likelySecrets(onLine: error.mark.line))
            throw ConfigFailure(path: path, problems: [problem])
        }
        let findings = Findings()
        let read = SettingsReader(findings: findings, files: files).read(document)
        let source = SourceText(bytes: bytes)
        guard var config = read else {
            throw ConfigFailure(path: path, problems: findings.sorted(findings.errors, source: source))
        }
        config.warnings = findings.sorted(findings.warnings, source: source)
        return config
    }
}
