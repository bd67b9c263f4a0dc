import Testing

@testable import GatewayConfig

@Suite("Reading YAML nodes")
struct YAMLReaderTests {
    private func read(_ text: String) throws -> YAMLDocument {
        try YAMLReader.read(Array(text.utf8))
    }

    private func failure(_ bytes: [UInt8]) -> YAMLSyntaxError? {
        do {
            _ = try YAMLReader.read(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("A mapping keeps its entries in order, with marks that count from 1")
    func mappingKeepsOrderAndMarks() throws {
        let root = try #require(try read("b: 1\na:\n  - \"x\"\n  - 'é'\n").root)
        guard case .mapping(let entries) = root.kind else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.key.text) == ["b", "a"])
        #expect(entries.map(\.key.start) == [SourceMark(line: 1, column: 1), SourceMark(line: 2, column: 1)])
        #expect(entries[0].value.kind == .scalar("1", isPlain: true))
        guard case .sequence(let items) = entries[1].value.kind else {
            Issue.record("no sequence")
            return
        }
        #expect(items.map(\.kind) == [.scalar("x", isPlain: false), .scalar("é", isPlain: false)])
        #expect(items.map(\.start) == [SourceMark(line: 3, column: 5), SourceMark(line: 4, column: 5)])
        #expect(items[1].end == SourceMark(line: 4, column: 8))
    }

    @Test("Scalars stay text, whatever YAML 1.1 would make of them", arguments: ["yes", "0x10", "1_000", "~", "1:30"])
    func scalarsStayText(text: String) throws {
        #expect(try read(text).root?.kind == .scalar(text, isPlain: true))
    }

    @Test("An empty file has no root", arguments: ["", "\n\n", "# nothing\n", "\u{FEFF}"])
    func emptyFile(text: String) throws {
        #expect(try read(text) == YAMLDocument(root: nil, directives: nil, second: nil))
    }

    @Test("Anchors, tags, aliases, directives and a second document are noted")
    func notesWhatIsRefused() throws {
        let document = try read("%YAML 1.1\n---\n- &a x\n- !!str y\n- *a\n---\nz\n")
        #expect(document.directives == SourceMark(line: 1, column: 1))
        #expect(document.second == SourceMark(line: 6, column: 1))
        guard case .sequence(let items)? = document.root?.kind else {
            Issue.record("no sequence")
            return
        }
        #expect(items.map(\.hasAnchor) == [true, false, false])
        #expect(items.map(\.hasTag) == [false, true, false])
        #expect(items.map(\.start.column) == [3, 3, 3])
        #expect(items[2].kind == .alias)
    }

    @Test(
        "Syntax errors carry their place",
        arguments: [
            ("a: [1, 2\nb: 3\n", 2, 2), ("a: \"x\n", 2, 1), ("a: b: c\n", 1, 5), ("a: 1\n\tb: 2\n", 2, 1),
            ("- a\nb: c\n", 2, 1), ("a: %x\n", 1, 4), ("a: \"\\z\"\n", 1, 5),
        ])
    func syntaxErrors(text: String, line: Int, column: Int) {
        #expect(failure(Array(text.utf8))?.mark == SourceMark(line: line, column: column))
    }

    @Test("Bytes that are no text are refused where they stand")
    func badBytes() {
        #expect(failure(Array("a: b\nc: é".utf8) + [0xFF])?.mark == SourceMark(line: 2, column: 5))
        #expect(failure(Array("a: \u{1}".utf8))?.mark == SourceMark(line: 1, column: 4))
        #expect(failure([0xFE, 0xFF, 0, 0x61])?.mark == SourceMark(line: 1, column: 1))
    }

    @Test("Depth is bounded")
    func depth() throws {
        let nested = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(throws: Never.self) { try read(nested(YAMLReader.maxDepth)) }
        let deep = failure(Array(nested(YAMLReader.maxDepth + 1).utf8))
        #expect(deep == YAMLSyntaxError(mark: SourceMark(line: 1, column: 33), message: "nested deeper than 32 levels"))
    }

    @Test("Size is bounded")
    func size() {
        let comment = Array(repeating: UInt8(ascii: "#"), count: YAMLReader.maxBytes)
        #expect(failure(comment) == nil)
        #expect(failure(comment + comment.prefix(1))?.message == "the file is larger than 1MiB")
    }
}
