import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// Sends the client's opening handshake and checks the answer strictly (RFC 6455 §4.1), then makes way for the leg.
/// Stands in a channel that is connected.
final class ClientHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Largest head of an answer, in bytes.
    private static let maxHeadBytes = 16 << 10

    private let splitter = AnswerSplitter(maxHeadBytes: maxHeadBytes)
    private let encoder = HTTPRequestEncoder()
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private let target: WebSocketClient.Target
    private let owner: any WebSocketOwner
    private let answer: HandshakeAnswer
    let clock: DialClock
    private var promise: EventLoopPromise<WebSocketLeg>?
    private var context: ChannelHandlerContext?

    init(
        target: WebSocketClient.Target, owner: any WebSocketOwner, clock: DialClock,
        promise: EventLoopPromise<WebSocketLeg>
    ) {
        self.target = target
        self.owner = owner
        self.clock = clock
        self.promise = promise
        let offers = HTTPHeaders(target.headers)[canonicalForm: "Sec-WebSocket-Protocol"].map(String.init)
        answer = HandshakeAnswer(key: WebSocketHandshake.freshKey(), offeredProtocols: offers)
        decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: .head(Self.maxHeadBytes)))
    }

    /// Whether the attempt has succeeded or failed.
    var isDecided: Bool { promise == nil }

    /// Fails the attempt, unless it is decided already, and closes its connection.
    func fail(_ failure: WebSocketClient.Failure) {
        guard let promise else { return }
        self.promise = nil
        promise.fail(failure)
        context?.close(promise: nil)
    }

    /// Takes a connected channel; the request goes out at once.
    func begin(on channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandlers([splitter, encoder, decoder, self])
        sendRequest()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    private func sendRequest() {
        let isDefaultPort = target.port == (target.tls == nil ? 80 : 443)
        let name = target.host.contains(":") ? "[\(target.host)]" : target.host
        var headers: HTTPHeaders = [
            "Host": isDefaultPort ? name : "\(name):\(target.port)", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Key": answer.key, "Sec-WebSocket-Version": "13",
        ]
        for (name, value) in target.headers { headers.add(name: name, value: value) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target.pathAndQuery, headers: headers)
        context?.write(wrapOutboundOut(.head(head)), promise: nil)
        context?.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDecided else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): if let failure = answer.fault(in: head) { fail(failure) }
        case .body: fail(.badHandshake("a body in the answer"))
        case .end: becomeLeg(context)
        }
    }

    private func becomeLeg(_ context: ChannelHandlerContext) {
        guard let promise else { return }
        self.promise = nil
        let leg = WebSocketLeg(role: .client, limits: target.limits)
        leg.owner = owner
        leg.holdInput()
        splitter.leg = leg
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(leg, position: .last)
        } catch {
            promise.fail(WebSocketClient.Failure.lost)
            return context.close(promise: nil)
        }
        pipeline.removeHandler(encoder, promise: nil)
        pipeline.removeHandler(context: context, promise: nil)
        // The decoder observes what is written and takes it for requests: nobody may hear of the leg before it left.
        pipeline.removeHandler(decoder).assumeIsolated().whenComplete { [splitter, clock] _ in
            splitter.leave()
            clock.ended(.upgrade)
            promise.assumeIsolated().succeed(leg)
            leg.start()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { clock.ended(.tls) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.lost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(WebSocketClient.Failure(during: error))
        context.close(promise: nil)
    }
}

extension WebSocketClient.Failure {
    /// What an error in the channel says about the handshake.
    fileprivate init(during error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState, NIOSSLError.uncleanShutdown: self = .lost
        case is HTTPParserError: self = .badHandshake("the answer is not HTTP")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .tls(TLSFailure.words(error))
        default: self = .lost
        }
    }
}
