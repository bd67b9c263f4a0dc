import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1
import Testing

@testable import GatewayServer

@Suite("Problem documents")
struct ProblemTests {
    private static func document(_ reply: HTTPReply) throws -> JSONObject {
        return try #require(JSONValue(parsing: reply.body.readableBytesView).object)
    }

    @Test("each refusal is a document of RFC 9457 with the contract's code", arguments: Refusal.allCases)
    func document(refusal: Refusal) throws {
        let reply = Problem.reply(refusal, detail: "A \"detail\".")
        let document = try Self.document(reply)
        #expect(Int(reply.status.code) == refusal.status)
        #expect(reply.headers["Content-Type"] == ["application/problem+json"])
        #expect(reply.headers["Cache-Control"] == ["no-store"])
        #expect(!reply.headers.contains(name: "Retry-After"))
        #expect(document["title"] == .string(refusal.title))
        #expect(document["status"] == .number(JSONNumber(refusal.status)))
        #expect(document["code"] == .string(refusal.rawValue))
        #expect(document["detail"] == .string("A \"detail\"."))
        #expect(document["retry_after_ms"] == nil)
    }

    @Test("when to come back stands in the header in seconds and in the document in milliseconds")
    func retryAfter() throws {
        let reply = Problem.reply(.full, detail: "Full.", retryAfter: 4)
        #expect(reply.headers["Retry-After"] == ["4"])
        #expect(try Self.document(reply)["retry_after_ms"] == .number(JSONNumber(4000)))
    }

    @Test("headers that come along stay, and those of the document win")
    func headers() {
        let reply = Problem.reply(
            .draining, detail: "Soon.", retryAfter: 1,
            headers: ["Vary": "Origin", "Cache-Control": "public", "Retry-After": "99", "Content-Type": "text/html"])
        #expect(reply.headers["Vary"] == ["Origin"])
        #expect(reply.headers["Cache-Control"] == ["no-store"])
        #expect(reply.headers["Retry-After"] == ["1"])
        #expect(reply.headers["Content-Type"] == ["application/problem+json"])
    }

    @Test("a refusal for want of a place says when to come back, not the same to all")
    func places() {
        let waits = (0..<200).map { _ in Refused(SessionRegistry.Full.full).retryAfter }
        #expect(waits.allSatisfy { $0.map((1...5).contains) == true })
        #expect(Set(waits).count > 1)
        #expect(Refused(SessionRegistry.Full.full).refusal == .full)
        #expect(Refused(SessionRegistry.Full.draining).refusal == .draining)
    }
}
