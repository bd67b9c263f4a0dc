import GatewayCore
import Testing

@testable import GatewayConfig

/// A valid file, and readers that answer with lines.
enum Sample {
    static let listeners = "listeners: [{ name: public, address: \"127.0.0.1:8080\" }]\n"
    static let upstream = "upstream: { api_key: { credential: fennec-api-key } }\n"
    static let access = "access: [{ name: local, match: { address: loopback } }]\n"
    static let minimal = listeners + upstream + access

    /// Files below /there are there; /there itself is a directory.
    static let files: FileProbe = { path in
        if path == "/there" { return .notAFile }
        return path.hasPrefix("/there/") ? .regular : .missing
    }

    static func read(_ text: String) throws(ConfigFailure) -> GatewaySettings {
        try load(text).settings
    }

    static func load(_ text: String) throws(ConfigFailure) -> LoadedConfig {
        try ConfigLoader.read(text: text, path: "test.yaml", files: files)
    }

    static func problems(_ text: String) -> [ConfigProblem] {
        do {
            _ = try read(text)
            return []
        } catch {
            return error.problems
        }
    }

    /// `LINE:COLUMN path: message` for each problem, with `→ suggestion` when there is one.
    static func lines(_ text: String) -> [String] {
        lines(problems(text))
    }

    /// The same for the warnings of a file that is right; problems when it is not.
    static func warnings(_ text: String) -> [String] {
        do {
            return lines(try load(text).warnings)
        } catch {
            return lines(error.problems)
        }
    }

    private static func lines(_ problems: [ConfigProblem]) -> [String] {
        problems.map { problem in
            let mark = problem.mark.map { "\($0) " } ?? ""
            let path = problem.path.isEmpty ? "" : "\(problem.path): "
            return mark + path + problem.message + (problem.suggestion.map { " → \($0)" } ?? "")
        }
    }
}

/// A row of a table: a text and the problems that it has.
struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let lines: [String]

    init(_ text: String, _ lines: String...) {
        self.text = text
        self.lines = lines
    }

    var testDescription: String { lines.first ?? text }
}
