import GatewayCore
import Testing

@testable import GatewayServer

@Suite("The gateway's own messages")
struct SessionMessagesTests {
    private static func error(_ ending: Ending, detail: String? = nil, jitter: Double = 0) throws -> JSONObject {
        let text = SessionMessages.error(ending, session: "0123456789abcdef", detail: detail, jitter: jitter)
        return try #require(JSONValue(parsing: text.utf8).object)
    }

    @Test("an error has the contract's shape, and never a text", arguments: Ending.allCases)
    func shape(ending: Ending) throws {
        let error = try Self.error(ending)
        #expect(error["type"] == .string("error"))
        #expect(error["origin"] == .string("gateway"))
        #expect(error["code"] == .string(ending.rawValue))
        #expect(error["message"] == .string(ending.message))
        #expect(error["retryable"] == .bool(ending.isRetryable))
        #expect((error["retry_after_ms"] != nil) == ending.isRetryable)
        #expect(error["session"] == .string("0123456789abcdef"))
        #expect(error["text"] == nil)
    }

    @Test("a detail takes the place of the message, and is escaped")
    func detail() throws {
        let detail = "vad.\"threshold\" \u{1} must be a number"
        #expect(try Self.error(.policyStartRefused, detail: detail)["message"] == .string(detail))
    }

    @Test(
        "the wait is drawn from the whole range and never leaves it",
        arguments: Ending.allCases.filter { $0.retryAfterRange != nil })
    func wait(ending: Ending) throws {
        let range = try #require(ending.retryAfterRange)
        for (jitter, wait) in [
            (0.0, range.lowerBound), (1.0.nextDown, range.upperBound),
            (0.5, (range.lowerBound + range.upperBound + 1) / 2),
        ] {
            #expect(try Self.error(ending, jitter: jitter)["retry_after_ms"] == .number(JSONNumber(wait)))
        }
    }

    @Test("the ready that stands in for a missing one is what clients expect")
    func ready() throws {
        #expect(ServerMessage(Array(SessionMessages.ready.utf8)).kind == .ready)
    }
}
