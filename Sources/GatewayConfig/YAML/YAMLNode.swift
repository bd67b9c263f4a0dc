/// A node of a YAML file, untyped: what a scalar means is for the schema to say, never for YAML to guess.
struct YAMLNode: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// The text with quotes and escapes resolved; `isPlain` when it stood without quotes.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// The entries in the order of the file, duplicates and keys that are no scalars included.
        case mapping([Entry])
        /// A reference to an anchor, which is never followed.
        case alias
    }

    /// A key with its value.
    struct Entry: Sendable, Equatable {
        let key: YAMLNode
        let value: YAMLNode
    }

    let kind: Kind
    /// Where it begins, its anchor and tag included.
    let start: SourceMark
    /// The position behind its end.
    let end: SourceMark
    var hasAnchor = false
    var hasTag = false

    /// The text of a scalar; `nil` for everything else.
    var text: String? {
        if case .scalar(let text, _) = kind { text } else { nil }
    }
}

/// What a YAML file holds.
struct YAMLDocument: Sendable, Equatable {
    /// `nil` when there is nothing but comments.
    let root: YAMLNode?
    /// Where directives such as `%YAML 1.1` introduce the document, if they do.
    let directives: SourceMark?
    /// Where a second document begins, if one does; it is not read.
    let second: SourceMark?
}

/// Why a file is no YAML, or more of it than is accepted.
struct YAMLSyntaxError: Error, Equatable {
    let mark: SourceMark
    let message: String
}
