import NIOCore
import NIOHTTP1
import NIOSSL

/// One connection of an `HTTPServer`: requests in order, one answer each, until it closes or becomes a WebSocket.
final class HTTPConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let routes: any HTTPRoutes
    private let configuration: HTTPServer.Configuration
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let encoder: HTTPResponseEncoder
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    /// Parts of later requests that came while an answer is awaited; bounded by one read, since reading pauses.
    private var waiting: [HTTPServerRequestPart] = []
    private var isAnswering = false
    private var isDone = false
    private var headTimer: Scheduled<Void>?

    init(
        routes: any HTTPRoutes, configuration: HTTPServer.Configuration,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>, encoder: HTTPResponseEncoder
    ) {
        self.routes = routes
        self.configuration = configuration
        self.decoder = decoder
        self.encoder = encoder
    }

    func handlerAdded(context: ChannelHandlerContext) {
        startHeadTimer(context, after: configuration.headTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        headTimer?.cancel()
    }

    private func startHeadTimer(_ context: ChannelHandlerContext, after time: TimeAmount) {
        headTimer?.cancel()
        headTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        guard !isAnswering else { return waiting.append(unwrapInboundIn(data)) }
        take(unwrapInboundIn(data), context)
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
        case .body(var piece):
            guard body.readableBytes + piece.readableBytes <= configuration.maxBodyBytes else {
                return refuse(.payloadTooLarge, "the body is too large", context)
            }
            body.writeBuffer(&piece)
        case .end:
            headTimer?.cancel()
            answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let judgement = WebSocketHandshake.judge(head, hasBody: body.readableBytes > 0)
        switch judgement {
        case .malformed(let words): return refuse(.badRequest, words, context)
        case .wrongVersion:
            let reply = HTTPReply(status: .upgradeRequired, headers: ["Sec-WebSocket-Version": "13"])
            return send(reply, closing: true, context)
        case .ordinary, .handshake: break
        }
        let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = HTTPRequestInfo(
            method: head.method, path: String(target[0]), query: target.count > 1 ? String(target[1]) : nil,
            headers: head.headers, body: body, remoteAddress: context.remoteAddress,
            localAddress: context.localAddress, isSecure: configuration.tls != nil,
            isWebSocketHandshake: judgement == .handshake)
        isAnswering = true
        carryOut(routes.answer(request, on: context.eventLoop), context)
    }

    private func carryOut(_ answer: HTTPAnswer, _ context: ChannelHandlerContext) {
        switch answer {
        case .reply(let reply):
            let closes = head.map { !$0.isKeepAlive || $0.headers.contains(name: "Upgrade") } ?? true
            send(reply, closing: closes, context)
        case .upgrade(let acceptance): upgrade(acceptance, context)
        case .later(let future):
            future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
                guard context.channel.isActive else { return }
                switch result {
                case .success(let answer): self.carryOut(answer, context)
                case .failure: context.close(promise: nil)
                }
            }
        case .hangUp: context.close(promise: nil)
        }
    }

    private func refuse(_ status: HTTPResponseStatus, _ words: String, _ context: ChannelHandlerContext) {
        send(HTTPReply(status: status, type: "text/plain", text: words + "\n"), closing: true, context)
    }

    private func send(_ reply: HTTPReply, closing: Bool, _ context: ChannelHandlerContext) {
        var headers = reply.headers
        headers.replaceOrAdd(name: "Content-Length", value: String(reply.body.readableBytes))
        if closing { headers.replaceOrAdd(name: "Connection", value: "close") }
        let responseHead = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if head?.method != .HEAD, reply.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(reply.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if closing {
            isDone = true
            context.close(mode: .output, promise: nil)
            // The client has this long to read the answer and close.
            startHeadTimer(context, after: .seconds(2))
            context.read()
        } else {
            startHeadTimer(context, after: configuration.keepAliveTimeout)
            isAnswering = false
            takeWaiting(context)
        }
    }

    private func takeWaiting(_ context: ChannelHandlerContext) {
        while !isAnswering, !isDone, !waiting.isEmpty { take(waiting.removeFirst(), context) }
        if !isAnswering { context.read() }
    }

    private func upgrade(_ acceptance: WebSocketAcceptance, _ context: ChannelHandlerContext) {
        guard let key = head?.headers["Sec-WebSocket-Key"].first else { return }
        var headers: HTTPHeaders = [
            "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Accept": WebSocketHandshake.accept(for: key),
        ]
        if let subprotocol = acceptance.subprotocol { headers.add(name: "Sec-WebSocket-Protocol", value: subprotocol) }
        let responseHead = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        isDone = true
        let leg = WebSocketLeg(role: .server, limits: acceptance.limits)
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(leg, position: .last)
        } catch {
            return context.close(promise: nil)
        }
        pipeline.removeHandler(encoder, promise: nil)
        acceptance.opened(leg)
        // The decoder leaves last: it passes on the bytes that came behind the request.
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(decoder, promise: nil)
        // Reading stood still while the answer was awaited.
        pipeline.read()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDone, error is HTTPParserError || error is NIOHTTPDecoderError else {
            return context.close(promise: nil)
        }
        refuse(.badRequest, "the request is malformed", context)
    }
}

extension HTTPConnection: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart

    func read(context: ChannelHandlerContext) {
        if !isAnswering || isDone { context.read() }
    }
}
