/// Collects everything that is wrong with a file or doubtful, and what of the file must not be shown.
final class Findings {
    /// What stops the file from being used.
    private(set) var errors: [ConfigProblem] = []
    /// What does not.
    private(set) var warnings: [ConfigProblem] = []
    /// Columns that no excerpt shows, by line.
    private var hidden: [Int: [Range<Int>]] = [:]

    func report(_ problem: ConfigProblem) {
        switch problem.severity {
        case .error: errors.append(problem)
        case .warning: warnings.append(problem)
        }
    }

    /// Keeps a node out of every excerpt.
    func hide(_ node: YAMLNode) {
        guard node.start.line <= node.end.line else { return }
        for line in node.start.line...node.end.line {
            let from = line == node.start.line ? node.start.column : 1
            let to = line == node.end.line ? node.end.column : Int.max
            if from < to { hidden[line, default: []].append(from..<to) }
        }
    }

    /// Problems of this file in its order, each with its excerpt.
    func sorted(_ problems: [ConfigProblem], source: SourceText) -> [ConfigProblem] {
        let start = SourceMark(line: 0, column: 0)
        let ordered = problems.enumerated().sorted {
            ($0.element.mark ?? start, $0.offset) < ($1.element.mark ?? start, $1.offset)
        }
        return ordered.map { _, problem in
            guard let mark = problem.mark else { return problem }
            var problem = problem
            problem.excerpt = source.excerpt(at: mark, hiding: hidden[mark.line] ?? [])
            return problem
        }
    }
}
