import NIOHTTP1

/// The rules for a server's answer to the opening handshake (RFC 6455 §4.1).
struct HandshakeAnswer {
    /// The `Sec-WebSocket-Key` that was sent.
    var key: String
    /// The subprotocols that were offered.
    var offeredProtocols: [String]

    /// What is wrong with the answer; `nil` when the connection is a WebSocket.
    func fault(in head: HTTPResponseHead) -> WebSocketClient.Failure? {
        guard head.version == .http1_1 else { return .badHandshake("the answer is not HTTP/1.1") }
        guard head.status == .switchingProtocols else { return .refused(status: Int(head.status.code)) }
        return words(against: head.headers).map { .badHandshake($0) }
    }

    private func words(against headers: HTTPHeaders) -> String? {
        guard headers["Upgrade"].map({ $0.lowercased() }) == ["websocket"] else {
            return "no Upgrade: websocket in the answer"
        }
        guard headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return "no Connection: Upgrade in the answer"
        }
        guard headers["Sec-WebSocket-Accept"] == [WebSocketHandshake.accept(for: key)] else {
            return "Sec-WebSocket-Accept does not answer our key"
        }
        guard !headers.contains(name: "Sec-WebSocket-Extensions") else { return "an extension nobody asked for" }
        let protocols = headers["Sec-WebSocket-Protocol"]
        guard protocols.count <= 1, protocols.allSatisfy(offeredProtocols.contains) else {
            return "a subprotocol nobody asked for"
        }
        return nil
    }
}
