extension FieldDecision.Subject {
    /// The longest path that is shown, in bytes.
    private static let longestPath = 64

    /// An unknown member by its path, if that can be shown to anyone.
    static func unknown(path: String) -> Self {
        let isShown = (1...longestPath).contains(path.utf8.count) && path.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return .unknown(isShown ? path : "(unprintable)")
    }

    /// The path, for the client who sent it: printable ASCII of at most 64 bytes.
    package var path: String {
        switch self {
        case .field(let field): field.rawValue
        case .unknown(let path): path
        case .moreUnknown(let count): "(\(count) more)"
        }
    }

    /// How many fields it stands for.
    package var count: Int {
        if case .moreUnknown(let count) = self { count } else { 1 }
    }

    /// The label of a metric: the path of a setting, `unknown` for all else.
    package var label: String {
        if case .field(let field) = self { field.rawValue } else { "unknown" }
    }
}
