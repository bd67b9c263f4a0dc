import COpenSSL
import NIOCore
import NIOHTTP1

/// The rules of the opening handshake (RFC 6455 §4).
enum WebSocketHandshake {
    /// Whether the request is a handshake (RFC 6455 §4.2.1). Requests that do not speak of WebSockets are not, and
    /// neither are those by another method than GET: the routes answer them. Throws what is wrong with an attempt.
    static func isHandshake(_ head: HTTPRequestHead, hasBody: Bool) throws(RequestFault) -> Bool {
        let headers = head.headers
        let offers = headers[canonicalForm: "Upgrade"].filter { $0.lowercased() == "websocket" }
        let keys = headers["Sec-WebSocket-Key"]
        guard !offers.isEmpty || !keys.isEmpty else { return false }
        guard !hasBody else { throw .badRequest("a WebSocket handshake has no body") }
        guard head.method == .GET else { return false }
        guard offers.count == 1 else { throw .badRequest("Upgrade: websocket must be given once") }
        guard headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            throw .badRequest("Connection: Upgrade is missing")
        }
        guard headers["Sec-WebSocket-Version"] == ["13"] else {
            throw RequestFault(status: .upgradeRequired, words: "Sec-WebSocket-Version must be 13")
        }
        guard keys.count == 1, isKey(keys[0]) else {
            throw .badRequest("Sec-WebSocket-Key must be 16 bytes in base64, once")
        }
        guard HandshakeList.areProtocols(headers["Sec-WebSocket-Protocol"]) else {
            throw .badRequest("Sec-WebSocket-Protocol must name subprotocols, each once")
        }
        guard HandshakeList.areExtensions(headers["Sec-WebSocket-Extensions"]) else {
            throw .badRequest("Sec-WebSocket-Extensions is malformed")
        }
        return true
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
        return Base64.encode(digest)
    }

    /// A fresh `Sec-WebSocket-Key`: 16 random bytes in base64.
    static func freshKey() -> String {
        Base64.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}
