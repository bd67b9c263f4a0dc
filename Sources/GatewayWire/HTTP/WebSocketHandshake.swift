import COpenSSL
import NIOCore
import NIOHTTP1

/// The rules of the opening handshake (RFC 6455 §4).
enum WebSocketHandshake {
    /// What a request is, judged by its head.
    enum Judgement: Equatable {
        case ordinary, handshake, wrongVersion
        case malformed(String)
    }

    /// RFC 6455 §4.2.1; a request without `Upgrade` is an ordinary one.
    static func judge(_ head: HTTPRequestHead, hasBody: Bool) -> Judgement {
        guard head.version == .http1_1 else { return .malformed("HTTP/1.1 is required") }
        guard head.headers["Host"].count == 1 else { return .malformed("exactly one Host header is required") }
        guard head.uri.utf8.first == 47 else { return .malformed("the request target must begin with /") }
        guard head.headers.contains(name: "Upgrade") else { return .ordinary }
        let offers = head.headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
        let connects = head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "upgrade" }
        guard offers, connects else { return .malformed("Upgrade: websocket and Connection: Upgrade belong together") }
        guard head.method == .GET, !hasBody else { return .malformed("a WebSocket handshake is a GET without a body") }
        guard head.headers["Sec-WebSocket-Version"] == ["13"] else { return .wrongVersion }
        let keys = head.headers["Sec-WebSocket-Key"]
        guard keys.count == 1, isKey(keys[0]) else {
            return .malformed("Sec-WebSocket-Key must be 16 bytes in base64, once")
        }
        return .handshake
    }

    /// Sixteen bytes in base64: 22 characters of its alphabet, the last with four zero bits, and two of padding.
    private static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes[22...] == [61, 61] else { return false }
        let isAlphabet = { (byte: UInt8) in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 43
                || byte == 47
        }
        return bytes[..<22].allSatisfy(isAlphabet) && [65, 81, 103, 119].contains(bytes[21])
    }

    /// The `Sec-WebSocket-Accept` that answers a key (RFC 6455 §4.2.2, item 5.4).
    static func accept(for key: String) -> String {
        let input = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        EVP_Digest(input, input.count, &digest, nil, EVP_sha1(), nil)
        return base64(digest)
    }

    /// A fresh `Sec-WebSocket-Key`: 16 random bytes in base64.
    static func freshKey() -> String {
        base64((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text[..<Int(count)], as: UTF8.self)
    }
}
