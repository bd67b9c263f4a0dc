import GatewayCore
import Testing

@Suite("Endings")
struct EndingTests {
    /// The wire contract, written out once more on purpose.
    private static let contract: [UInt16: [String]] = [
        1002: ["protocol_violation"],
        1003: ["not_json", "unknown_message"],
        1007: ["invalid_utf8"],
        1009: ["message_too_big"],
        1008: [
            "start_expected", "start_timeout", "second_start", "policy_start_refused", "policy_message_refused",
            "idle_timeout", "session_too_long", "audio_too_fast", "client_stalled", "quota_exhausted",
            "credential_expired", "credential_revoked", "killed",
        ],
        1011: ["internal"],
        1012: ["restart"],
        1013: ["token_unavailable", "circuit_open", "full"],
        1014: ["upstream_unreachable", "upstream_timeout", "upstream_protocol", "upstream_stalled", "upstream_lost"],
    ]

    @Test("every code of the contract closes with its own close code", arguments: contract.keys.sorted())
    func closeCodes(code: UInt16) throws {
        for name in try #require(Self.contract[code]) {
            #expect(try #require(Ending(rawValue: name)).closeCode == code, "\(name)")
        }
    }

    @Test("the contract's codes are all there are")
    func complete() {
        #expect(Set(Ending.allCases.map(\.rawValue)) == Set(Self.contract.values.joined()))
    }

    @Test("coming back helps after 1011 to 1014 alone, and not at once for all", arguments: Ending.allCases)
    func retry(ending: Ending) throws {
        #expect(ending.isRetryable == [1011, 1012, 1013, 1014].contains(ending.closeCode))
        #expect((ending.retryAfterRange != nil) == ending.isRetryable)
        if let range = ending.retryAfterRange {
            #expect(range.lowerBound > 0)
            #expect(range.upperBound >= 4 * range.lowerBound)
        }
    }

    @Test("what is known of when coming back helps goes on top of the drawn wait, up to a minute in all")
    func knownWait() {
        #expect(Ending.killed.retryAfter(.seconds(1), jitter: 0) == nil)
        #expect(Ending.circuitOpen.retryAfter(nil, jitter: 0) == 2000)
        #expect(Ending.circuitOpen.retryAfter(.milliseconds(1500), jitter: 0) == 3500)
        #expect(Ending.circuitOpen.retryAfter(.seconds(-1), jitter: 0) == 2000)
        for hint: Duration in [.seconds(50), .seconds(3600)] {
            #expect(Ending.tokenUnavailable.retryAfter(hint, jitter: 0) == 52_000)
            #expect(Ending.tokenUnavailable.retryAfter(hint, jitter: 1.0.nextDown) == 60_000)
        }
    }

    @Test(
        "what is not the client's doing is logged louder",
        arguments: [
            (Ending.internal, Severity.error), (.upstreamLost, .warning), (.tokenUnavailable, .warning),
            (.restart, .info), (.policyStartRefused, .info), (.protocolViolation, .info),
        ])
    func severity(ending: Ending, severity: Severity) {
        #expect(ending.severity == severity)
    }

    @Test("a code can stand in a close frame, a label and a log field", arguments: Ending.allCases)
    func label(ending: Ending) {
        #expect(ending.rawValue.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
        #expect(ending.rawValue.utf8.count <= 123)
        #expect(ending.message.hasSuffix(".") && ending.message.utf8.count <= 120)
    }
}
