import Testing

@testable import GatewayWire

struct MessageRulesTests {
    private static var limits: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.maxTextMessageBytes = 10
        limits.maxBinaryMessageBytes = 20
        return limits
    }

    /// The rules with a fragmented message open, or none.
    private static func rules(open: FrameOpcode?) -> MessageRules {
        var rules = MessageRules(limits: limits)
        if let open {
            let first = FrameHeader(isFinal: false, opcode: open, payloadLength: 0)
            _ = rules.began(first)
            _ = rules.ended(first)
        }
        return rules
    }

    @Test(
        "Each frame is allowed or refused in each state",
        arguments: [
            (nil, .text, true), (nil, .binary, true), (nil, .continuation, false), (.text, .continuation, true),
            (.text, .text, false), (.text, .binary, false), (.binary, .continuation, true), (.binary, .text, false),
            (.binary, .binary, false),
        ] as [(FrameOpcode?, FrameOpcode, Bool)])
    func table(open: FrameOpcode?, next: FrameOpcode, isAllowed: Bool) {
        for isFinal in [true, false] {
            var rules = Self.rules(open: open)
            let header = FrameHeader(isFinal: isFinal, opcode: next, payloadLength: 1)
            let violation = rules.began(header)
            #expect((violation == nil) == isAllowed)
            guard isAllowed else { continue }
            let kind: MessageRules.Open = (open ?? next) == .text ? .text : .binary
            #expect(rules.open == kind)
            let isEnd = rules.ended(header)
            #expect(isEnd == isFinal)
            #expect(rules.open == (isFinal ? .nothing : kind))
        }
    }

    @Test(
        "A message's bytes are limited over all its fragments",
        arguments: [
            (.text, [10], true), (.text, [11], false), (.text, [5, 5], true), (.text, [5, 6], false),
            (.text, [10, 0, 0, 1], false), (.binary, [20], true), (.binary, [21], false), (.binary, [19, 1, 1], false),
            (.binary, [.max], false), (.text, [1, .max], false),
        ] as [(FrameOpcode, [Int], Bool)])
    func limits(opcode: FrameOpcode, lengths: [Int], isAllowed: Bool) {
        var rules = MessageRules(limits: Self.limits)
        var violation: WebSocketViolation?
        for (index, length) in lengths.enumerated() where violation == nil {
            let header = FrameHeader(
                isFinal: false, opcode: index == 0 ? opcode : .continuation, payloadLength: length)
            violation = rules.began(header)
            _ = rules.ended(header)
        }
        #expect(violation == (isAllowed ? nil : .messageTooBig))
    }

    @Test("A new message starts its count afresh")
    func counting() {
        var rules = MessageRules(limits: Self.limits)
        for _ in 0..<5 {
            let header = FrameHeader(opcode: .text, payloadLength: 10)
            let violation = rules.began(header)
            let isEnd = rules.ended(header)
            #expect(violation == nil && isEnd)
        }
    }
}
