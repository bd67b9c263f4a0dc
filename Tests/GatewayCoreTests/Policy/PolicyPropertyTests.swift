import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Policies under random messages")
struct PolicyPropertyTests {
    @Test("no policy is escaped, no deviation untold, whatever comes", arguments: [1, 2])
    func promises(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var seen: [String: Int] = [:]
        for course in 0..<300 {
            let policy = RandomPolicy.make(using: &random)
            for number in 0..<10 {
                let message = RandomMessage.make(using: &random)
                let witness = PolicyWitness(policy, message)
                if !witness.broken.isEmpty {
                    let text = String(decoding: message, as: UTF8.self)
                    Issue.record("seed \(seed), \(course)/\(number): \(witness.broken) \(text) \(policy)")
                }
                seen[witness.decision?.verdict.rawValue ?? "unread", default: 0] += 1
                for field in witness.decision?.fields ?? [] {
                    seen[field.effect.rawValue, default: 0] += 1
                    seen[field.reason?.rawValue ?? "none", default: 0] += 1
                }
            }
        }
        // The courses come everywhere.
        let places =
            ["unread", "none"] + PolicyDecision.Verdict.allCases.map(\.rawValue)
            + FieldDecision.Effect.allCases.map(\.rawValue) + FieldDecision.Reason.allCases.map(\.rawValue)
        for place in places { #expect(seen[place, default: 0] > 50, "\(place): \(seen)") }
    }

    @Test("the schema accepts exactly what the policy leaves alone", arguments: [5, 6])
    func schema(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<200 {
            let policy = RandomPolicy.make(using: &random)
            let schema = policy.schema
            for _ in 0..<5 {
                let asked = RandomMessage.make(using: &random)
                // What a decision sent is left alone mostly.
                let sent = PolicyWitness(policy, asked).decision?.message?.json.encoded
                for message in [asked, sent].compactMap(\.self) {
                    accepted += try isAccepted(message, policy, schema) ? 1 : 0
                }
            }
        }
        #expect(accepted > 50)
    }

    private func isAccepted(_ message: [UInt8], _ policy: Policy, _ schema: JSONValue) throws -> Bool {
        guard let value = try? JSONValue(parsing: message) else { return false }
        let decision = PolicyWitness(policy, message).decision
        let isLeftAlone = decision.map { $0.message != nil && $0.adjustments.isEmpty } ?? false
        let isAccepted = try JSONSchemaSubset.accepts(value, schema)
        // A limit in bytes is the one thing that a schema cannot say.
        let hasTooManyBytes = decision?.adjustments.map(\.subject) == [.field(.context)]
        #expect(isAccepted == isLeftAlone || isAccepted && hasTooManyBytes, "\(value.text) \(policy)")
        return isAccepted
    }

    @Test("the oracle knows what is missing", arguments: StartField.allCases)
    func oracle(field: StartField) throws {
        let policy = Policy(name: "p", limits: [field: FieldLimit(.required)], onViolation: .reject)
        #expect(PolicyOracle(policy).broken(in: [:]) == [field])
        #expect(PolicyOracle(Policy(name: "p")).broken(in: [:]) == [])
    }
}
