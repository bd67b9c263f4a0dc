/// What the parser came across next, with its extent.
struct YAMLEvent: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case streamStart, streamEnd, documentEnd, sequenceEnd, mappingEnd, alias
        case documentStart(hasDirectives: Bool)
        case scalar(String, isPlain: Bool)
        case sequenceStart, mappingStart
    }

    let kind: Kind
    let start: SourceMark
    let end: SourceMark
    var hasAnchor = false
    var hasTag = false
}
