/// Requests by name, with what is wrong with them or how they are answered.
enum RequestTables {
    static func get(_ target: String = "/a", _ lines: String...) -> String {
        (["GET \(target) HTTP/1.1", "Host: localhost"] + lines).joined(separator: "\r\n") + "\r\n\r\n"
    }

    static let malformed: [String: String] = [
        "HTTP/1.0": "GET /a HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "HTTP/2.0": "GET /a HTTP/2.0\r\nHost: localhost\r\n\r\n",
        "HTTP/1.2": "GET /a HTTP/1.2\r\nHost: localhost\r\n\r\n",
        "no version": "GET /a\r\nHost: localhost\r\n\r\n",
        "no Host": "GET /a HTTP/1.1\r\nX: y\r\n\r\n",
        "two Hosts": get("/a", "Host: localhost"),
        "an empty Host": "GET /a HTTP/1.1\r\nHost:\r\n\r\n",
        "a Host with a user": "GET /a HTTP/1.1\r\nHost: user@localhost\r\n\r\n",
        "a Host with a space": "GET /a HTTP/1.1\r\nHost: local host\r\n\r\n",
        "a Host with a path": "GET /a HTTP/1.1\r\nHost: localhost/a\r\n\r\n",
        "a Host that is a list": "GET /a HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "a length and chunks": get("/a", "Content-Length: 3", "Transfer-Encoding: chunked") + "0\r\n\r\n",
        "two lengths": get("/a", "Content-Length: 3", "Content-Length: 4") + "abcd",
        "a length with a sign": get("/a", "Content-Length: +3") + "abc",
        "a negative length": get("/a", "Content-Length: -3") + "abc",
        "a length list": get("/a", "Content-Length: 3, 3") + "abc",
        "a huge length": get("/a", "Content-Length: 99999999999999999999999"),
        "chunked twice": get("/a", "Transfer-Encoding: chunked, chunked") + "0\r\n\r\n",
        "a chunk size that is none": get("/a", "Transfer-Encoding: chunked") + "x\r\n\r\n",
        "a folded line": get("/a", "X-Odd: a", " b"),
        "a line folded with a tab": get("/a", "X-Odd: a", "\tb"),
        "a space before the colon": get("/a", "X-Odd : a"),
        "a field without a name": get("/a", ": a"),
        "a field name with a space": get("/a", "X Odd: a"),
        "a line without a colon": get("/a", "X-Odd"),
        "a bare CR in a value": get("/a", "X-Odd: a\rb"),
        "a bare CR behind a value": "GET /a HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n",
        "a bare LF between lines": "GET /a HTTP/1.1\r\nX: y\nHost: localhost\r\n\r\n",
        "bare LFs alone": "GET /a HTTP/1.1\nHost: localhost\n\n",
        "a NUL in a value": get("/a", "X-Odd: a\0b"),
        "a control character in a value": get("/a", "X-Odd: a\u{1}b"),
        "a target without a slash": get("a"),
        "an empty target": "GET  HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "a target with a fragment": get("/a#b"),
        "a target with bytes above ASCII": get("/ä"),
        "a target of another scheme": get("ftp://localhost/a"),
        "a target with a user": get("http://user@localhost/a"),
        "a target without an authority": get("http:///a"),
        "CONNECT": "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "an asterisk with GET": get("*"),
        "an unknown method": "GE T /a HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "TLS on a plain port": "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n",
        "handshake: a body": handshake(adding: ["Content-Length: 1"]) + "a",
        "handshake: an empty chunked body": handshake(adding: ["Transfer-Encoding: chunked"]) + "0\r\n\r\n",
        "handshake: HTTP/1.0": handshake("GET /stream HTTP/1.0"),
        "handshake: no Host": handshake(replacing: ["Host": nil]),
        "handshake: no Upgrade": handshake(replacing: ["Upgrade": nil]),
        "handshake: another Upgrade": handshake(replacing: ["Upgrade": "h2c"]),
        "handshake: Upgrade twice": handshake(adding: ["Upgrade: websocket"]),
        "handshake: no Connection": handshake(replacing: ["Connection": nil]),
        "handshake: Connection without Upgrade": handshake(replacing: ["Connection": "keep-alive"]),
        "handshake: no key": handshake(replacing: ["Sec-WebSocket-Key": nil]),
        "handshake: an empty key": handshake(replacing: ["Sec-WebSocket-Key": ""]),
        "handshake: a short key": handshake(replacing: ["Sec-WebSocket-Key": "c2hvcnQ="]),
        "handshake: a key with loose bits": handshake(replacing: ["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZR=="]),
        "handshake: two keys": handshake(adding: ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]),
    ]

    static let fine: [String: (String, String)] = [
        "a plain one": (get(), "GET /a"),
        "empty lines before": ("\r\n\r\n" + get(), "GET /a"),
        "the absolute form": (get("http://Other.example:81/b?c"), "GET /b"),
        "the absolute form with https": (get("HTTPS://localhost"), "GET /"),
        "a Host with a port": ("GET /a HTTP/1.1\r\nHost: localhost:8080\r\n\r\n", "GET /a"),
        "an IPv6 Host": ("GET /a HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET /a"),
        "a body in chunks": (
            "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "POST /a"
        ),
        "the same length twice in one connection": (get("/a", "Content-Length: 0"), "GET /a"),
        "spaces around a value": (get("/a", "X-Odd: \t a \t "), "GET /a"),
        "bytes above ASCII in a value": (get("/a", "X-Odd: ä"), "GET /a"),
    ]

    static let upgrades: [String: String] = [
        "as RFC 6455 has it": handshake(),
        "as browsers send it": handshake(replacing: ["Connection": "keep-alive, Upgrade"]),
        "in other case": handshake(replacing: ["Upgrade": "WebSocket", "Connection": "KEEP-ALIVE,upgrade"]),
        "as one of several": handshake(replacing: ["Upgrade": "h2c, websocket"]),
        "with an empty body": handshake(adding: ["Content-Length: 0"]),
        "in absolute form": handshake("GET http://localhost/stream HTTP/1.1"),
    ]
}
