import NIOCore
import NIOHTTP1
import NIOSSL

/// One connection of an `HTTPServer`: requests in order, one answer each, until it closes or becomes a WebSocket.
final class HTTPConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// How far the connection is.
    enum Phase {
        /// Requests are taken as they come. Next: `answering`, `done`.
        case reading
        /// The routes think about a request; what comes meanwhile waits. Next: `reading`, `done`.
        case answering
        /// The last answer is out, or the connection is a WebSocket; nothing of the client's is looked at.
        case done
    }

    /// What is taken in order.
    private enum Item {
        case part(HTTPServerRequestPart)
        case fault(RequestFault)
    }

    /// The request that is coming or being answered.
    struct Current {
        var head: HTTPRequestHead
        var verdict: RequestRules.Verdict
        var body = ByteBuffer()
    }

    let routes: any HTTPRoutes
    let configuration: HTTPServer.Configuration
    /// What a proxy said in front of the connection.
    let announced: ProxyAnnouncement?
    let codec: HTTPCodec
    private let newcomer: Newcomer
    let rules: RequestRules
    var context: ChannelHandlerContext?
    var phase: Phase = .reading
    var current: Current?
    /// What came while an answer was awaited; bounded by one read, since reading pauses.
    private var waiting = CircularBuffer<Item>()
    private var isWorking = false
    private var isReadWithheld = false
    /// Whether a request has begun to arrive and is not answered.
    private var isRequestComing = false
    private var timer: Scheduled<Void>?
    /// `nil` until it was looked for, then perhaps `.some(nil)`.
    private var certificate: PeerCertificate??

    init(
        routes: any HTTPRoutes, configuration: HTTPServer.Configuration, codec: HTTPCodec, newcomer: Newcomer,
        announced: ProxyAnnouncement? = nil
    ) {
        self.newcomer = newcomer
        self.routes = routes
        self.configuration = configuration
        self.announced = announced
        self.codec = codec
        rules = RequestRules(maxHeadBytes: configuration.maxHeadBytes, maxBodyBytes: configuration.maxBodyBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        codec.watch.connection = self
        startTimer(configuration.headTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head: codec.watch.headEnded()
        case .body: break
        case .end: codec.watch.requestEnded()
        }
        append(.part(part))
    }

    func channelInactive(context: ChannelHandlerContext) {
        finished()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .handshakeFailed(let cause)? = error as? NIOSSLError {
            configuration.tlsFailed(TLSFailure.kind(cause), TLSFailure.words(cause), context.remoteAddress)
        }
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        switch error {
        case .invalidEOFState: context.close(promise: nil)
        case .headerOverflow: append(.fault(.headTooLarge))
        default: append(.fault(.malformed))
        }
    }

    /// Told before the parser gets the bytes of one read.
    func bytesArrived() {
        guard phase == .reading, !isRequestComing else { return }
        isRequestComing = true
        startTimer(configuration.headTimeout)
    }

    /// Told when a head has outgrown its bound before it was whole.
    func headOverflowed() {
        append(.fault(.headTooLarge))
    }

    private func append(_ item: Item) {
        guard phase != .done else { return }
        waiting.append(item)
        work()
    }

    /// Takes what waits, until an answer must be awaited or the client takes none. A loop, since a client may send many
    /// requests in one packet.
    func work() {
        guard !isWorking else { return }
        isWorking = true
        while phase == .reading, context?.channel.isWritable == true, let item = waiting.popFirst() { take(item) }
        isWorking = false
        giveReadBack()
    }

    private func take(_ item: Item) {
        do throws(RequestFault) {
            switch item {
            case .fault(let fault): throw fault
            case .part(.head(let head)): try begin(head)
            case .part(.body(let piece)): try collect(piece)
            case .part(.end): answer()
            }
        } catch {
            refuse(error)
        }
    }

    private func begin(_ head: HTTPRequestHead) throws(RequestFault) {
        isRequestComing = true
        let verdict = try rules.judge(head)
        current = Current(head: head, verdict: verdict)
        if verdict.awaitsContinue { sendContinue() }
    }

    private func collect(_ piece: ByteBuffer) throws(RequestFault) {
        let length = (current?.body.readableBytes ?? 0) + piece.readableBytes
        guard length <= configuration.maxBodyBytes else { throw .bodyTooLarge }
        current?.body.writeImmutableBuffer(piece)
    }

    /// The request has been answered and the connection goes on.
    func requestAnswered() {
        newcomer.settle()
        current = nil
        phase = .reading
        isRequestComing = !waiting.isEmpty
        startTimer(isRequestComing ? configuration.headTimeout : configuration.keepAliveTimeout)
        work()
    }

    /// What the client showed of itself when TLS began; read once.
    func clientCertificate(_ context: ChannelHandlerContext) -> PeerCertificate? {
        guard configuration.tls != nil else { return nil }
        if let certificate { return certificate }
        // Without a TLS handler there would be no certificate either.
        let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        let read = shown.flatMap { try? PeerCertificate(der: $0.toDERBytes()) }
        certificate = .some(read)
        return read
    }

    /// The connection has sent its last answer.
    func finished() {
        newcomer.settle()
        phase = .done
        current = nil
        waiting.removeAll()
        timer?.cancel()
        giveReadBack()
    }

    func stopTimer() {
        timer?.cancel()
    }

    func startTimer(_ time: TimeAmount) {
        timer?.cancel()
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in self?.timedOut() }
    }

    private func timedOut() {
        if phase == .reading, isRequestComing { refuse(.timedOut) } else { context?.close(promise: nil) }
    }
}

extension HTTPConnection: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart

    func read(context: ChannelHandlerContext) {
        isReadWithheld = true
        giveReadBack()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        work()
        context.fireChannelWritabilityChanged()
    }

    /// Reads on, unless an answer is awaited or the client does not take the answers that it got.
    private func giveReadBack() {
        guard isReadWithheld, let context else { return }
        guard phase == .done || phase == .reading && waiting.isEmpty && context.channel.isWritable else { return }
        isReadWithheld = false
        context.read()
    }
}
