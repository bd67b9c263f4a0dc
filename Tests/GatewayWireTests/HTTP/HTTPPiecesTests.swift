import NIOHTTP1
import Testing

@testable import GatewayWire

struct HTTPPiecesTests {
    @Test(
        "Host values are judged by RFC 3986",
        arguments: [
            ("localhost", true), ("a.b-c_d~e", true), ("127.0.0.1:80", true), ("h:", true), ("h:65535", true),
            ("[::1]", true), ("[2001:db8::1]:443", true), ("%41b", true), ("", false), (":80", false), ("h:x", false),
            ("h:123456", false), ("h:1:2", false), ("::1", false), ("[::1", false), ("[::1]x", false), ("[]", false),
            ("[abc]", false), ("a b", false), ("a@b", false), ("a/b", false), ("a?b", false), ("%4", false),
            ("%zz", false), ("ä", false), ("a\\b", false), ("a\"b", false), ("<a>", false),
        ])
    func hosts(value: String, isValid: Bool) {
        #expect(HostSyntax.isValid(value) == isValid)
    }

    @Test(
        "Targets are read in the forms of RFC 9112 §3.2",
        arguments: [
            ("/", .resource(path: "/", query: nil, authority: nil)),
            ("/a?b?c", .resource(path: "/a", query: "b?c", authority: nil)),
            ("/a?", .resource(path: "/a", query: "", authority: nil)),
            ("//a", .resource(path: "//a", query: nil, authority: nil)),
            ("http://h/a", .resource(path: "/a", query: nil, authority: "h")),
            ("HTTPS://h:1?q", .resource(path: "/", query: "q", authority: "h:1")),
            ("http://h", .resource(path: "/", query: nil, authority: "h")), ("*", .asterisk), ("", nil), ("a", nil),
            ("h:80", nil), ("ws://h/a", nil), ("/a#b", nil), ("/a b", nil), ("/\u{7F}", nil), ("/é", nil),
        ] as [(String, RequestTarget?)])
    func targets(text: String, target: RequestTarget?) {
        #expect(RequestTarget(text) == target)
    }

    @Test("A date has the form of RFC 9110 §5.6.7")
    func dates() {
        #expect(HTTPDate.text(of: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(of: 0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(of: 1_709_164_799) == "Wed, 28 Feb 2024 23:59:59 GMT")
    }

    @Test("The accept of RFC 6455 §1.3 is computed, and keys are fresh")
    func accept() {
        #expect(WebSocketHandshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(WebSocketHandshake.freshKey() != WebSocketHandshake.freshKey())
    }

    @Test("A fresh key is a key")
    func freshKeys() throws {
        for _ in 0..<100 {
            let headers: HTTPHeaders = [
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": WebSocketHandshake.freshKey(),
            ]
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: headers)
            #expect(try WebSocketHandshake.isHandshake(head, hasBody: false))
        }
    }
}
