import GatewayCore
import Testing

@Suite("Session ends")
struct SessionEndTests {
    @Test("the gateway's endings bring their code, and the reason that is the label", arguments: Ending.allCases)
    func gateway(ending: Ending) {
        let end = SessionEnd.gateway(ending)
        #expect(end.side == .gateway)
        #expect(end.ending == ending)
        #expect(end.closeCode == ending.closeCode)
        #expect(end.closeReason == ending.rawValue)
        #expect(end.label == ending.rawValue)
        #expect(end.detail == nil)
    }

    @Test("a detail changes the message alone")
    func detail() {
        var end = SessionEnd.gateway(.policyStartRefused, detail: "vad.threshold must be a number")
        #expect(end.detail == "vad.threshold must be a number")
        end.detail = nil
        #expect(end == .gateway(.policyStartRefused))
    }

    @Test("what the peers end has no ending of ours, and a label of the contract")
    func peers() {
        let ends: [SessionEnd] = [
            .clientClosed(code: 1001), .clientLost, .upstreamClosed(code: 4001, reason: "quota"),
        ]
        #expect(ends.map(\.ending) == [nil, nil, nil])
        #expect(ends.map(\.side) == [.client, .client, .upstream])
        #expect(ends.map(\.label) == ["client_closed", "client_lost", "upstream_closed"])
        #expect(ends.map(\.label) == SessionEnd.otherReasons)
        #expect(ends.map(\.closeCode) == [1001, nil, 4001])
        #expect(ends.map(\.closeReason) == ["", "", "quota"])
    }

    @Test("no label stands for two endings")
    func labels() {
        let labels = Ending.allCases.map(\.rawValue) + SessionEnd.otherReasons
        #expect(Set(labels).count == labels.count)
    }
}
