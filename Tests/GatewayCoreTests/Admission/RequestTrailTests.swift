import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("The names of a request")
struct RequestTrailTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"

    @Test(
        "take one plain, short request id",
        arguments: [
            (["a"], "a"), (["7f3c-1:2_3.4+5/6=@Z"], "7f3c-1:2_3.4+5/6=@Z"), ([], nil), ([""], nil), (["a", "a"], nil),
            (["a b"], nil), (["a\"b"], nil), (["é"], nil), (["a\u{0}"], nil), (["a,b"], nil),
            ([String(repeating: "x", count: 128)], String(repeating: "x", count: 128)),
            ([String(repeating: "x", count: 129)], nil),
        ] as [([String], String?)])
    func requestID(values: [String], id: String?) {
        let trail = RequestTrail(requestIDs: values, traceParents: [])
        #expect(trail.requestID == id && trail.traceID == nil)
    }

    @Test(
        "take the trace id of a valid traceparent",
        arguments: [
            ("00-\(trace)-\(parent)-01", true), ("00-\(trace)-\(parent)-00", true), ("cc-\(trace)-\(parent)-01", true),
            ("cc-\(trace)-\(parent)-01-what-the-future-will-be", true), ("00-\(trace)-\(parent)-01-more", false),
            ("cc-\(trace)-\(parent)-01.more", false), ("ff-\(trace)-\(parent)-01", false),
            ("00-\(trace)-\(parent)-0", false), ("00-\(trace)-\(parent)", false),
            ("00-00000000000000000000000000000000-\(parent)-01", false), ("00-\(trace)-0000000000000000-01", false),
            ("00-4BF92F3577B34DA6A3CE929D0E0E4736-\(parent)-01", false), ("00_\(trace)-\(parent)-01", false),
            ("0g-\(trace)-\(parent)-01", false), ("", false), (" 00-\(trace)-\(parent)-01", false),
            ("cc-\(trace)-\(parent)-01-" + String(repeating: "x", count: 300), false),
        ])
    func traceID(value: String, isTaken: Bool) {
        let trail = RequestTrail(requestIDs: [], traceParents: [value])
        #expect(trail.traceID == (isTaken ? Self.trace : nil) && trail.requestID == nil)
    }

    @Test("take no trace id of two")
    func two() {
        let value = "00-\(Self.trace)-\(Self.parent)-01"
        #expect(RequestTrail(requestIDs: [], traceParents: [value, value]) == RequestTrail())
    }

    @Test("are never more than they may be, whatever comes", arguments: 1...50 as ClosedRange<UInt64>)
    func anything(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["00", "-", Self.trace, Self.parent, "01", "\u{7F}", "ü", "0", "f"]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0..<12, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let trail = RequestTrail(requestIDs: [text], traceParents: [text])
            #expect(trail.requestID?.utf8.allSatisfy { (33...126).contains($0) } ?? true)
            #expect((trail.requestID?.utf8.count ?? 1) <= 128)
            #expect((trail.traceID?.utf8.count ?? 32) == 32)
        }
    }
}
