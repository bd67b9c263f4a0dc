import GatewayCore
import Testing

@Suite("Refusals")
struct RefusalTests {
    /// The wire contract, written out once more on purpose.
    private static let contract: [Int: [String]] = [
        400: ["bad_request"],
        401: ["credential_required", "credential_invalid", "credential_expired"],
        403: ["origin_refused", "host_refused", "address_refused", "policy_refused"],
        404: ["not_found"],
        405: ["method_not_allowed"],
        426: ["websocket_version"],
        429: ["too_many_sessions", "too_many_connects", "too_many_failures", "quota_exhausted"],
        503: ["draining", "full", "upstream_unavailable"],
    ]

    @Test("every code of the contract has its own status", arguments: contract.keys.sorted())
    func statuses(status: Int) throws {
        for name in try #require(Self.contract[status]) {
            #expect(try #require(Refusal(rawValue: name)).status == status, "\(name)")
        }
    }

    @Test("the contract's codes are all there are")
    func complete() {
        #expect(Set(Refusal.allCases.map(\.rawValue)) == Set(Self.contract.values.joined()))
    }

    @Test("each has a title of its own")
    func titles() {
        #expect(Set(Refusal.allCases.map(\.title)).count == Refusal.allCases.count)
        #expect(Refusal.allCases.allSatisfy { !$0.title.isEmpty && !$0.title.hasSuffix(".") })
    }
}
