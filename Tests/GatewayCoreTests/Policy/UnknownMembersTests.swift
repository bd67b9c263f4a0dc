import GatewayCore
import Testing

@Suite("Unknown members under a policy")
struct UnknownMembersTests {
    private static let asked = #""x":{"a":1e5},"gateway":{"events":true},"vad":{"y":null,"debug":false}"#
    private static let without = #"{"type":"start","vad":{"debug":false}}"#
    private static let with = #"{"type":"start","vad":{"debug":false,"y":null},"x":{"a":1e5}}"#

    @Test(
        "their own mode governs, except that a policy which only observes changes nothing",
        arguments: [
            (.drop, .clamp, without, "adjusted"), (.drop, .reject, without, "adjusted"),
            (.drop, .observe, with, "observed"), (.reject, .clamp, nil, "refused"), (.reject, .reject, nil, "refused"),
            (.reject, .observe, with, "observed"), (.pass, .clamp, with, nil), (.pass, .reject, with, nil),
            (.pass, .observe, with, nil),
        ] as [(UnknownFields, OnViolation, String?, String?)])
    func modes(unknown: UnknownFields, onViolation: OnViolation, sent: String?, effect: String?) throws {
        let policy = Policy(name: "p", unknownFields: unknown, onViolation: onViolation)
        let sample = try PolicySample(policy, Self.asked)
        #expect(sample.sent == sent)
        #expect(sample.told == (effect.map { ["x:unknown:\($0)", "vad.y:unknown:\($0)"] } ?? []))
        #expect(sample.decision.fields.map(\.asked) == [false, ["a": .number(try number("1e5"))], .null])
    }

    private func number(_ text: String) throws -> JSONNumber { try #require(JSONNumber(text)) }

    @Test(
        "a path is shown when it is printable and short",
        arguments: [
            ("colour", "colour"), ("a b", "a b"), ("", "(unprintable)"), ("\\n", "(unprintable)"),
            ("gr\u{F6}\u{DF}e", "(unprintable)"),
            (String(repeating: "x", count: 64), String(repeating: "x", count: 64)),
            (String(repeating: "x", count: 65), "(unprintable)"),
        ])
    func path(name: String, shown: String) throws {
        let sample = try PolicySample(Policy(name: "p"), "\"\(name)\":1")
        #expect(sample.decision.fields.map(\.subject) == [.unknown(shown)])
        #expect(sample.decision.fields.map(\.subject.label) == ["unknown"])
    }

    @Test("32 are listed one by one, one entry stands for the rest", arguments: [32, 33, 64, 1000])
    func bound(count: Int) throws {
        let top = (0..<count / 2).map { "\"t\($0)\":1" }.joined(separator: ",")
        let vad = (count / 2..<count).map { "\"v\($0)\":1" }.joined(separator: ",")
        let sample = try PolicySample(
            Policy(name: "p", unknownFields: .reject), "\(top),\"vad\":{\(vad)}")
        #expect(sample.decision.fields.count == min(count, 33))
        #expect(sample.decision.fields.last?.subject == (count > 32 ? .moreUnknown(count - 32) : .unknown("vad.v31")))
        let message = try #require(sample.decision.refusal?.message)
        #expect(message.hasPrefix("t0 must be left out, not a number. t1 must be"))
        #expect(message.hasSuffix(" And \(count - 8) more."))
        let dropped = try PolicySample(Policy(name: "p"), sample.members)
        #expect(dropped.sent == #"{"type":"start"}"#)
    }
}
