import NIOCore

/// Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6), and lets everything pass once it stands.
final class ConnectTunnel: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Largest head of an answer, in bytes.
    private static let maxHeadBytes = 16 << 10

    private let request: String
    /// Told once: `nil` when the tunnel stands, otherwise in words why not.
    private var isDone: ((String?) -> Void)?
    private var head: [UInt8] = []

    /// - Parameter authority: `host:port` of where the tunnel is to lead.
    init(to authority: String, through proxy: WebSocketClient.Proxy, isDone: @escaping (String?) -> Void) {
        var lines = ["CONNECT \(authority) HTTP/1.1", "Host: \(authority)"]
        if let authorization = proxy.authorization { lines.append("Proxy-Authorization: \(authorization)") }
        request = lines.joined(separator: "\r\n") + "\r\n\r\n"
        self.isDone = isDone
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isDone != nil else { return context.fireChannelRead(data) }
        head += unwrapInboundIn(data).readableBytesView
        guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if head.count > Self.maxHeadBytes { finish("an endless answer") }
            return
        }
        // Behind the tunnel it is the client who speaks first.
        guard end.upperBound == head.endIndex else { return finish("bytes behind the answer") }
        finish(Self.words(against: head))
    }

    /// What is wrong with an answer; `nil` when the tunnel stands.
    private static func words(against head: [UInt8]) -> String? {
        let line = String(decoding: head.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", parts[1].utf8.count == 3,
            let status = Int(parts[1]), (100...599).contains(status)
        else { return "an answer that is not HTTP" }
        return (200...299).contains(status) ? nil : "it refused (HTTP \(status))"
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish("it ended the connection")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard isDone != nil else { return context.fireErrorCaught(error) }
        finish("the connection failed")
    }

    private func finish(_ words: String?) {
        guard let isDone else { return }
        self.isDone = nil
        head = []
        isDone(words)
    }
}
