import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1
import Testing

@testable import GatewayServer

@Suite("A file for browsers")
struct WebFileTests {
    private static let file = WebFile(Array("hello".utf8), type: "text/plain")
    private static let tag = "\"LPJNul-wow4m6Dsqxbni\""

    private func reply(_ method: HTTPMethod = .GET, tag: String? = nil) throws -> HTTPReply {
        var asked = request(tag.map { ["If-None-Match": $0] } ?? [:])
        asked.method = method
        return try Self.file.reply(to: asked, headers: ["X-More": "1"])
    }

    @Test("comes with its type, its digest, and what was added")
    func headers() throws {
        let reply = try reply()
        #expect(reply.status == .ok)
        #expect(String(buffer: reply.body) == "hello")
        #expect(reply.headers["Content-Type"] == ["text/plain"])
        #expect(reply.headers["Cache-Control"] == ["no-cache"])
        #expect(reply.headers["ETag"] == [Self.tag])
        #expect(reply.headers["Repr-Digest"] == ["sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"])
        #expect(reply.headers["X-More"] == ["1"])
    }

    @Test(
        "is not sent again to those who have it",
        arguments: [tag, "W/" + tag, "\"other\", " + tag, "*"])
    func notModified(offered: String) throws {
        let reply = try reply(tag: offered)
        #expect(reply.status == .notModified)
        #expect(reply.body.readableBytes == 0)
        #expect(reply.headers["ETag"] == [Self.tag])
        #expect(reply.headers["X-More"] == ["1"])
    }

    @Test(
        "is sent to those who have another", arguments: ["\"other\"", String(tag.dropLast(2)) + "\"", "w/" + tag, ""])
    func modified(offered: String) throws {
        #expect(try reply(tag: offered).status == .ok)
    }

    @Test("can be looked at and nothing else", arguments: [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS, .PATCH])
    func methods(method: HTTPMethod) throws {
        let refused = try #require(throws: Refused.self) { try reply(method) }
        #expect(refused.refusal == .methodNotAllowed)
        #expect(refused.reply(headers: [:]).headers["Allow"] == ["GET, HEAD"])
        #expect(try reply(.HEAD).status == .ok)
    }
}
