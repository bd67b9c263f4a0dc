import GatewayCore

/// Reads the whole file into settings; one extension for each section.
struct SettingsReader {
    let findings: Findings
    /// Answers whether a file that the configuration names is there.
    let files: FileProbe

    /// What the file says, or `nil` when an error was reported.
    func read(_ document: YAMLDocument) -> LoadedConfig? {
        StructureCheck.check(document, findings: findings)
        let start = SourceMark(line: 1, column: 1)
        let root = document.root ?? YAMLNode(kind: .mapping([]), start: start, end: start)
        let value = ConfigValue(node: root, path: "", findings: findings)
        let keys = [
            "listeners", "admin", "upstream", "jwt", "access", "policies", "limits", "budget", "state_directory",
            "sessions",
            "usage", "log",
        ]
        guard let section = value.section(keys: keys) else { return nil }
        let listeners = section.required("listeners").flatMap(readListeners)
        let upstream = section.required("upstream").flatMap(readUpstream)
        let book = section["policies"].map(readPolicies) ?? PolicyBook()
        var limits: [String: LimitSet] = [:]
        section.read("limits", into: &limits, readLimits)
        var issuers: [IssuerSettings] = []
        section.read("jwt", into: &issuers, readIssuers)
        let access = section.required("access").flatMap {
            readAccess($0, policies: book, limits: limits, listeners: listeners, issuers: issuers)
        }
        var admin: AdminSettings? = AdminSettings()
        section.read("admin", into: &admin, readAdmin)
        refuseSharedAddress(section, listeners: listeners ?? [], admin: admin)
        var sessions = SessionSettings()
        section.read("sessions", into: &sessions, readSessions)
        var usage = UsageSettings()
        section.read("usage", into: &usage, readUsage)
        var log = LogSettings()
        section.read("log", into: &log, readLog)
        guard findings.errors.isEmpty, let listeners, let upstream, let access else { return nil }
        book.warnOfUnused(access)
        var settings = GatewaySettings(
            listeners: listeners, admin: admin, upstream: upstream, access: access, sessions: sessions, usage: usage,
            log: log)
        settings.issuers = issuers
        settings.policies.merge(book.policies(for: access)) { $1 }
        settings.limits = limits
        section.read("budget", into: &settings.budget, readBudget)
        section.read("state_directory", into: &settings.stateDirectory) { $0.parsed(FilePathText.parse) }
        guard findings.errors.isEmpty else { return nil }
        section["access"].map { warnOfOpenRules($0, access, limits: limits, listeners: listeners) }
        return LoadedConfig(settings: settings, policies: book.origins)
    }

    /// The path of a file that must be there; `nil` is reported.
    func readFile(_ value: ConfigValue) -> String? {
        value.parsed { text throws(ValueError) in
            let path = try FilePathText.parse(text)
            switch files(path) {
            case .missing: throw ValueError("there is no such file")
            case .notAFile: throw ValueError("expected a file, found a directory")
            case .regular, .unknown: return path
            }
        }
    }
}
