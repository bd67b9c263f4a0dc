import GatewayCore

/// What the gateway would make of a client's first message.
struct Explanation: Equatable {
    /// How it ends.
    enum Outcome: Equatable {
        /// It is a `start`, and the policy decides.
        case decided(PolicyDecision)
        /// It is none, or none that can be read.
        case refused(Refused)
    }

    /// What a client would be told, and what it would not.
    struct Refused: Equatable {
        let ending: Ending
        /// The words of the gateway's error.
        let words: String
    }

    /// The policy's name.
    let policy: String
    let outcome: Outcome

    /// - Parameters:
    ///   - message: The text message's bytes.
    ///   - isTooBig: Whether they are only the first of a message that is larger than the gateway accepts.
    ///   - asksForThoughts: Whether the stream's query has `detect_thoughts=true`.
    init(_ message: [UInt8], isTooBig: Bool = false, asksForThoughts: Bool = false, policy: Policy) {
        self.policy = policy.name
        outcome =
            if isTooBig {
                Self.refused(.messageTooBig)
            } else if String(validating: message, as: UTF8.self) == nil {
                Self.refused(.invalidUTF8)
            } else {
                Self.decide(message, asksForThoughts, policy)
            }
    }

    private static func decide(_ message: [UInt8], _ asksForThoughts: Bool, _ policy: Policy) -> Outcome {
        do throws(ClientMessageError) {
            guard case .start(var start) = try ClientMessage.decode(message) else { return refused(.startExpected) }
            if asksForThoughts, start[.detectThoughts] == nil { start[.detectThoughts] = .boolean(true) }
            return .decided(policy.decide(start))
        } catch {
            let (ending, words) = error.asFirstMessage
            return .refused(Refused(ending: ending, words: words))
        }
    }

    private static func refused(_ ending: Ending) -> Outcome {
        .refused(Refused(ending: ending, words: ending.message))
    }

    /// How it comes out.
    var verdict: PolicyDecision.Verdict {
        if case .decided(let decision) = outcome { decision.verdict } else { .refused }
    }

    /// Why nothing goes upstream; `nil` when something does.
    var refusal: Refused? {
        switch outcome {
        case .refused(let refused): refused
        case .decided(let decision):
            decision.refusal.map { Refused(ending: $0.ending, words: $0.message) }
        }
    }
}
