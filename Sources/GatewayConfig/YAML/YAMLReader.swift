/// Builds the nodes of a file from its events, within bounds.
struct YAMLReader: ~Copyable {
    /// The largest file that is read, in bytes.
    static let maxBytes = 1 << 20
    /// How deep collections may stand in one another.
    static let maxDepth = 32

    private var parser: YAMLEventParser

    /// Reads a whole file. Throws at the first place where it is no YAML, too large or too deep.
    static func read(_ bytes: [UInt8]) throws(YAMLSyntaxError) -> YAMLDocument {
        guard bytes.count <= maxBytes else {
            throw YAMLSyntaxError(
                mark: SourceMark(line: 1, column: 1),
                message: "the file is larger than \(ByteSizeText.describe(maxBytes))")
        }
        var reader = YAMLReader(parser: try YAMLEventParser(bytes: bytes))
        return try reader.readDocument()
    }

    private mutating func readDocument() throws(YAMLSyntaxError) -> YAMLDocument {
        _ = try parser.next()
        let first = try parser.next()
        guard case .documentStart(let hasDirectives) = first.kind else {
            return YAMLDocument(root: nil, directives: nil, second: nil)
        }
        let root = try readNode(from: parser.next(), depth: 1)
        _ = try parser.next()
        let after = try parser.next()
        return YAMLDocument(
            root: root, directives: hasDirectives ? first.start : nil,
            second: after.kind == .streamEnd ? nil : after.start)
    }

    private mutating func readNode(from event: YAMLEvent, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
        guard depth <= Self.maxDepth else {
            throw YAMLSyntaxError(mark: event.start, message: "nested deeper than \(Self.maxDepth) levels")
        }
        var end = event.end
        let kind: YAMLNode.Kind
        switch event.kind {
        case .scalar(let text, let isPlain): kind = .scalar(text, isPlain: isPlain)
        case .sequenceStart: kind = .sequence(try readItems(depth: depth + 1, end: &end))
        case .mappingStart: kind = .mapping(try readEntries(depth: depth + 1, end: &end))
        default: kind = .alias
        }
        return YAMLNode(kind: kind, start: event.start, end: end, hasAnchor: event.hasAnchor, hasTag: event.hasTag)
    }

    private mutating func readItems(depth: Int, end: inout SourceMark) throws(YAMLSyntaxError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try parser.next()
            guard event.kind != .sequenceEnd else {
                end = event.end
                return items
            }
            items.append(try readNode(from: event, depth: depth))
        }
    }

    private mutating func readEntries(depth: Int, end: inout SourceMark) throws(YAMLSyntaxError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        while true {
            let event = try parser.next()
            guard event.kind != .mappingEnd else {
                end = event.end
                return entries
            }
            let key = try readNode(from: event, depth: depth)
            let value = try parser.next()
            entries.append(YAMLNode.Entry(key: key, value: try readNode(from: value, depth: depth)))
        }
    }
}
