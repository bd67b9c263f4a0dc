import NIOCore
import NIOHTTP1

extension HTTPConnection {
    /// Asks the routes about the request that has come whole.
    func answer() {
        guard let current, let context else { return }
        stopTimer()
        phase = .answering
        guard case .resource(let path, let query, _) = current.verdict.target else {
            // RFC 9110 §9.3.7: a ping of the server as a whole.
            return carryOut(.reply(HTTPReply(status: .noContent)))
        }
        let request = HTTPRequestInfo(
            method: current.head.method, path: path, query: query, headers: current.verdict.headers,
            body: current.body, remoteAddress: context.remoteAddress, localAddress: context.localAddress,
            announced: announced, isSecure: configuration.tls != nil,
            clientCertificate: clientCertificate(context), isWebSocketHandshake: current.verdict.isWebSocketHandshake)
        carryOut(routes.answer(request, on: context.eventLoop))
    }

    private func carryOut(_ answer: HTTPAnswer) {
        guard phase == .answering, let current, let context else { return }
        switch answer {
        case .reply(let reply):
            // The parser stops for good at any request with Upgrade.
            let isLast = !current.head.isKeepAlive || current.head.headers.contains(name: "Upgrade")
            send(reply, closing: isLast)
        case .farewell(let reply):
            send(reply, closing: true)
            context.close(promise: nil)
        case .upgrade(let acceptance):
            guard current.verdict.isWebSocketHandshake else { return refuse(.unanswered) }
            upgrade(acceptance)
        case .later(let future):
            future.hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let answer): self.carryOut(answer)
                case .failure: self.refuse(.unanswered)
                }
            }
        case .hangUp: context.close(promise: nil)
        }
    }

    /// Answers without asking the routes for more than the form, and closes.
    func refuse(_ fault: RequestFault) {
        guard phase != .done else { return }
        var reply = routes.malformed(fault.status, words: fault.words)
        if fault.status == .upgradeRequired {
            reply.headers.replaceOrAdd(name: "Upgrade", value: "websocket")
            reply.headers.replaceOrAdd(name: "Sec-WebSocket-Version", value: "13")
        }
        send(reply, closing: true)
    }

    func sendContinue() {
        guard let context else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func send(_ reply: HTTPReply, closing: Bool) {
        guard let context else { return }
        var headers = reply.headers
        headers.replaceOrAdd(name: "Content-Length", value: String(reply.body.readableBytes))
        if !headers.contains(name: "Date") { headers.add(name: "Date", value: HTTPDate.now) }
        if closing { headers.replaceOrAdd(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if current?.head.method != .HEAD, reply.body.readableBytes > 0, reply.status.mayHaveResponseBody {
            context.write(wrapOutboundOut(.body(.byteBuffer(reply.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        guard closing else { return requestAnswered() }
        finished()
        context.close(mode: .output, promise: nil)
        // RFC 9112 §9.6: what still comes is read and dropped for a while, or a reset would destroy the answer.
        startTimer(configuration.lingerTimeout)
    }

    private func upgrade(_ acceptance: WebSocketAcceptance) {
        guard let context, let key = current?.head.headers.first(name: "Sec-WebSocket-Key") else { return }
        var headers: HTTPHeaders = [
            "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Accept": WebSocketHandshake.accept(for: key),
        ]
        if let subprotocol = acceptance.subprotocol { headers.add(name: "Sec-WebSocket-Protocol", value: subprotocol) }
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // Writing may have found out that the client is gone.
        guard context.channel.isActive else { return finished() }
        // Audio comes in larger pieces than requests, and is passed on at once.
        try? context.channel.syncOptions?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator())
        try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 4)
        let leg = WebSocketLeg(role: .server, limits: acceptance.limits)
        leg.holdInput()
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(leg, position: .last)
        } catch {
            return context.close(promise: nil)
        }
        pipeline.removeHandler(codec.watch, promise: nil)
        pipeline.removeHandler(codec.encoder, promise: nil)
        finished()
        acceptance.opened(leg)
        pipeline.removeHandler(context: context, promise: nil)
        // The decoder leaves last: it passes on the bytes that came behind the request.
        pipeline.removeHandler(codec.decoder).assumeIsolated().whenComplete { _ in leg.start() }
    }
}

extension RequestFault {
    fileprivate static let unanswered = RequestFault(
        status: .internalServerError, words: "the request could not be answered")
}
