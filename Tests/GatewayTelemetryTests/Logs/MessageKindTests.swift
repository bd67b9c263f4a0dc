import Logging
import Testing

@testable import GatewayTelemetry

@Suite("Kinds of journal entries")
struct MessageKindTests {
    @Test("have ids of 32 hexadecimal digits, all different")
    func ids() {
        let ids = MessageKind.allCases.map(\.id)
        #expect(Set(ids).count == MessageKind.allCases.count)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy(\.isHexDigit) && $0 == $0.lowercased() })
    }

    @Test(
        "are known by how their messages begin",
        arguments: [
            ("session ended", .sessionEnded), ("configuration: unknown key", .configuration),
            ("configuration reloaded", .reloaded), ("configuration not reloaded: nothing was changed", .notReloaded),
            ("the service refuses API key 1 (HTTP 401): replace it, then reload", .keyRefused), ("else", nil),
            ("a session ended", nil), ("", nil),
        ] as [(String, MessageKind?)])
    func kinds(message: String, kind: MessageKind?) {
        #expect(MessageKind(of: message) == kind)
    }

    @Test("stand in the entry, and large values whole")
    func entry() {
        let value = String(repeating: "x", count: 300_000)
        let line = LogLine(time: 0, level: .info, message: "listening", fields: [("setting", .string(value))])
        let fields = JournalEntry.fields(line).map { String(decoding: $0, as: UTF8.self) }
        #expect(fields.contains("MESSAGE_ID=\(MessageKind.listening.id)"))
        #expect(fields.contains("FENNEC_SETTING=\(value)"))
        let other = LogLine(time: 0, level: .info, message: "of no kind", fields: [])
        #expect(JournalEntry.fields(other).count == 3)
    }
}
