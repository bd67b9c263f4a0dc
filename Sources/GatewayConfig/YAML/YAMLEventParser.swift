import CYAML

/// The events of a YAML text, one by one: libyaml's `yaml_parser_parse`. Nothing else touches libyaml.
struct YAMLEventParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(bytes: [UInt8]) throws(YAMLSyntaxError) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            input.deallocate()
            throw YAMLSyntaxError(mark: SourceMark(line: 1, column: 1), message: "out of memory")
        }
        // Without it a byte order mark could turn the text into UTF-16.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; after `streamEnd` or an error there is none, and it must not be called again.
    mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }

    private var failure: YAMLSyntaxError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "not YAML"
        switch state.error {
        case YAML_MEMORY_ERROR:
            return YAMLSyntaxError(mark: SourceMark(state.mark), message: "out of memory")
        case YAML_READER_ERROR:
            return YAMLSyntaxError(mark: mark(ofByte: state.problem_offset), message: problem)
        default:
            guard let context = state.context else {
                return YAMLSyntaxError(mark: SourceMark(state.problem_mark), message: problem)
            }
            let begin = state.context_mark.line + 1
            return YAMLSyntaxError(
                mark: SourceMark(state.problem_mark),
                message: "\(problem), \(String(cString: context)) that begins on line \(begin)")
        }
    }

    /// The reader knows only byte offsets.
    private func mark(ofByte offset: Int) -> SourceMark {
        let lines = SourceText(bytes: input.prefix(offset)).lines
        return SourceMark(line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }
}

extension SourceMark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        var (hasAnchor, hasTag) = (false, false)
        switch event.type {
        case YAML_STREAM_START_EVENT: kind = .streamStart
        case YAML_DOCUMENT_START_EVENT:
            let data = event.data.document_start
            kind = .documentStart(
                hasDirectives: data.version_directive != nil || data.tag_directives.start != data.tag_directives.end)
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_ALIAS_EVENT: kind = .alias
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
            kind = .scalar(text, isPlain: data.style == YAML_PLAIN_SCALAR_STYLE)
            (hasAnchor, hasTag) = (data.anchor != nil, data.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            (hasAnchor, hasTag) = (event.data.sequence_start.anchor != nil, event.data.sequence_start.tag != nil)
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            (hasAnchor, hasTag) = (event.data.mapping_start.anchor != nil, event.data.mapping_start.tag != nil)
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        default: kind = .streamEnd
        }
        (start, end) = (SourceMark(event.start_mark), SourceMark(event.end_mark))
        (self.hasAnchor, self.hasTag) = (hasAnchor, hasTag)
    }
}
