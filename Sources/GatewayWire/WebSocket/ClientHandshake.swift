import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends the client's opening handshake and checks the answer strictly (RFC 6455 §4.1), then makes way for the leg.
final class ClientHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    let encoder = HTTPRequestEncoder()
    let decoder = ByteToMessageHandler(
        HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: HTTPServer.headLimits(16 << 10)))
    private let target: WebSocketClient.Target
    private let owner: any WebSocketOwner
    private let key = WebSocketHandshake.freshKey()
    private var promise: EventLoopPromise<WebSocketLeg>?
    private var context: ChannelHandlerContext?

    init(target: WebSocketClient.Target, owner: any WebSocketOwner, promise: EventLoopPromise<WebSocketLeg>) {
        self.target = target
        self.owner = owner
        self.promise = promise
    }

    /// Fails the connection attempt, unless it is decided already.
    func fail(_ failure: WebSocketClient.Failure) {
        guard let promise else { return }
        self.promise = nil
        promise.fail(failure)
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        let isDefaultPort = target.port == (target.tls == nil ? 80 : 443)
        let name = target.host.contains(":") ? "[\(target.host)]" : target.host
        var headers: HTTPHeaders = [
            "Host": isDefaultPort ? name : "\(name):\(target.port)", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13",
        ]
        for (name, value) in target.headers { headers.add(name: name, value: value) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target.pathAndQuery, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard promise != nil else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): judge(head)
        case .body: fail(.badHandshake("a body in the answer"))
        case .end: becomeLeg(context)
        }
    }

    private func judge(_ head: HTTPResponseHead) {
        guard head.status == .switchingProtocols else { return fail(.refused(status: Int(head.status.code))) }
        if let words = fault(in: head) { return fail(.badHandshake(words)) }
    }

    /// What is wrong with a 101, in words.
    private func fault(in head: HTTPResponseHead) -> String? {
        guard head.version == .http1_1 else { return "the answer is not HTTP/1.1" }
        guard head.headers["Upgrade"].map({ $0.lowercased() }) == ["websocket"] else {
            return "no Upgrade: websocket in the answer"
        }
        guard head.headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return "no Connection: Upgrade in the answer"
        }
        guard head.headers["Sec-WebSocket-Accept"] == [WebSocketHandshake.accept(for: key)] else {
            return "Sec-WebSocket-Accept does not answer our key"
        }
        guard !head.headers.contains(name: "Sec-WebSocket-Extensions") else { return "an extension nobody asked for" }
        let wantsProtocol = target.headers.contains { $0.0.lowercased() == "sec-websocket-protocol" }
        guard wantsProtocol || !head.headers.contains(name: "Sec-WebSocket-Protocol") else {
            return "a subprotocol nobody asked for"
        }
        return nil
    }

    private func becomeLeg(_ context: ChannelHandlerContext) {
        guard let promise else { return }
        self.promise = nil
        let leg = WebSocketLeg(role: .client, limits: target.limits)
        leg.owner = owner
        leg.holdInput()
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(leg, position: .last)
        } catch {
            promise.fail(WebSocketClient.Failure.lost)
            return context.close(promise: nil)
        }
        pipeline.removeHandler(encoder, promise: nil)
        pipeline.removeHandler(context: context, promise: nil)
        // Requests written are observed by the decoder, and what came behind the answer is passed on by it: nobody
        // may hear of the leg before it has left.
        pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in
            promise.assumeIsolated().succeed(leg)
            leg.start()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.lost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is HTTPParserError: fail(.badHandshake("the answer is not HTTP"))
        case let error as NIOSSLError: fail(.tls(String(describing: error)))
        case let error as NIOSSLExtraError: fail(.tls(String(describing: error)))
        default: fail(.lost)
        }
        context.close(promise: nil)
    }
}
