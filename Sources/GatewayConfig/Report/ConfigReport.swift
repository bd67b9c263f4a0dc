/// Problems as text for people.
package enum ConfigReport {
    /// One paragraph a problem: `FILE:LINE:COLUMN: path: message: "offending text"`, with `warning:` before the path of
    /// what is only doubtful, the line of the file with a caret
    /// under the place, and what to write instead. Ends with a line break unless there are no problems.
    package static func render(_ problems: [ConfigProblem], path: String) -> String {
        problems.map { paragraph($0, file: path) }.joined()
    }

    private static func paragraph(_ problem: ConfigProblem, file: String) -> String {
        let mark = problem.mark.map { ":\($0)" } ?? ""
        let severity = problem.severity == .warning ? "warning: " : ""
        let subject = problem.path.isEmpty ? "" : "\(problem.path): "
        let offending = problem.offending.map { ": \"\($0)\"" } ?? ""
        var lines = ["\(file)\(mark): \(severity)\(subject)\(problem.message)\(offending)"]
        if let excerpt = problem.excerpt, let mark = problem.mark {
            let number = String(mark.line)
            let margin = String(repeating: " ", count: number.utf8.count)
            lines.append("  \(number) | \(excerpt.text)")
            lines.append("  \(margin) | \(String(repeating: " ", count: excerpt.caret))^")
        }
        if let suggestion = problem.suggestion { lines.append("  did you mean \"\(suggestion)\"?") }
        if let hint = problem.hint { lines.append("  \(hint)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
