package import GatewayCore

/// Watches a policy decide on one message, and notes every promise that is broken.
package struct PolicyWitness {
    /// What went wrong; empty when all is well.
    package private(set) var broken: [String] = []
    /// What was decided; `nil` when the message was no start that can be judged.
    package private(set) var decision: PolicyDecision?

    /// Takes a client's text message the way that a session takes it.
    package init(_ policy: Policy, _ bytes: some Collection<UInt8>) {
        do throws(ClientMessageError) {
            let message = try ClientMessage.decode(bytes)
            check(message, isStable: "a message")
            guard case .start(let start) = message else { return }
            let decision = policy.decide(start)
            self.decision = decision
            check(decision, on: start, by: PolicyOracle(policy))
        } catch {
            check(error)
        }
    }

    private mutating func expect(_ isKept: Bool, _ promise: @autoclosure () -> String) {
        if !isKept { broken.append(promise()) }
    }

    private mutating func check(_ decision: PolicyDecision, on start: StartMessage, by oracle: PolicyOracle) {
        let asked = start.json.object ?? JSONObject()
        let brokenInAsked = oracle.broken(in: asked)
        let unknown = oracle.unknown(in: asked)
        checkReport(decision, brokenInAsked, unknown: unknown, by: oracle)
        guard let message = decision.message, let sent = message.json.object else { return checkRefusal(decision) }
        expect(decision.refusal == nil, "a start that goes on has no refusal")
        check(.start(message), isStable: "what goes on")
        checkIdempotence(of: message, oracle.policy)
        let isSame = message.json.encoded == start.json.encoded
        expect(isSame == (decision.verdict == .unchanged), "the verdict tells whether something changed")
        expect(sent["gateway"] == nil, "what is the gateway's stays here")
        let keepsUnknown = oracle.policy.unknownFields == .pass || oracle.policy.onViolation == .observe
        expect(oracle.unknown(in: sent) == (keepsUnknown ? unknown : 0), "unknown members go as the policy says")
        // A policy escape would be found here.
        let brokenInSent = oracle.broken(in: sent)
        for field in StartField.allCases {
            if oracle.mode(of: field) != .observe, brokenInAsked.contains(field) {
                expect(!brokenInSent.contains(field), "\(field) goes as the policy wants it")
            } else {
                let values = (PolicyOracle.value(of: field, in: asked), PolicyOracle.value(of: field, in: sent))
                expect(values.0?.encoded == values.1?.encoded, "\(field) goes as it was asked")
            }
        }
    }

    /// Every deviation is told, and nothing else.
    private mutating func checkReport(
        _ decision: PolicyDecision, _ brokenInAsked: Set<StartField>, unknown: Int, by oracle: PolicyOracle
    ) {
        var told: Set<StartField> = []
        var unknownTold = 0
        for field in decision.adjustments {
            switch field.subject {
            case .field(let known):
                told.insert(known)
                expect((field.effect == .observed) == (oracle.mode(of: known) == .observe), "\(known) in its mode")
            case .unknown: unknownTold += 1
            case .moreUnknown(let count): unknownTold += count
            }
            expect(field.effect != .kept, "what has a reason is not kept")
            expect(field.allowed.utf8.count <= 59, "what is allowed is told in 59 bytes")
        }
        expect(told == brokenInAsked, "each deviation is told, and no other")
        let passes = oracle.policy.unknownFields == .pass
        expect(unknownTold == (passes ? 0 : unknown), "each unknown member is told")
        expect(decision.fields.count <= StartField.allCases.count + 33, "a decision is bounded")
    }

    private mutating func checkRefusal(_ decision: PolicyDecision) {
        expect(decision.fields.contains { $0.effect == .refused }, "a refusal has a reason")
        guard let error = decision.refusal else { return expect(false, "a refusal is told") }
        expect(error.ending == .policyStartRefused, "a refusal is one of the policy")
        check(error)
    }

    private mutating func check(_ error: ClientMessageError) {
        expect(!error.message.isEmpty && error.message.utf8.count <= 8 * 121 + 20, "an error is told in bounds")
        switch error {
        case .startRefused(let problems), .messageRefused(_, let problems):
            expect(!problems.isEmpty, "a refused message has a problem")
            expect(problems.allSatisfy { $0.description.utf8.count <= 120 }, "a problem is told in 120 bytes")
        case .notJSON, .notAnObject, .duplicateName, .unknownMessage:
            expect(error.message.utf8.count <= 160, "an error is told in one sentence")
        }
    }

    private mutating func check(_ message: ClientMessage, isStable what: String) {
        let encoded = message.encoded
        guard let again = try? ClientMessage.decode(encoded) else { return expect(false, "\(what) can be read again") }
        expect(again.encoded == encoded, "\(what) is written the same again")
    }

    private mutating func checkIdempotence(of message: StartMessage, _ policy: Policy) {
        let again = policy.decide(message)
        expect(again.message == message, "deciding again changes nothing more")
        expect(again.adjustments.allSatisfy { $0.effect == .observed }, "deciding again adjusts nothing")
    }
}
