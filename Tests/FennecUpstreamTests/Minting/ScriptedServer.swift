import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that answers each request with the next step of a script, the last one repeated, and keeps
/// what it was sent.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        /// These bytes; the connection stays open.
        case answer(String)
        /// These bytes, then the end of the connection.
        case answerAndClose(String)
        /// Nothing at all.
        case silence
        /// One byte now and then, without end.
        case drip
        /// RST instead of an answer.
        case reset

        static func ok(_ body: String, status: String = "200 OK", headers: String = "") -> Step {
            .answer(
                "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(headers)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    struct Request: Sendable {
        /// Counts connections from 1.
        let connection: Int
        let text: String
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var script: [Step]
    }

    private let state: Mutex<State>
    private let listener: Mutex<(any Channel)?> = Mutex(nil)
    private let firstRequest = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Void.self)

    private init(_ script: [Step]) {
        state = Mutex(State(script: script))
    }

    static func start(_ script: Step...) async throws -> ScriptedServer { try await start(script) }

    static func start(_ script: [Step]) async throws -> ScriptedServer {
        let server = ScriptedServer(script)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptedConnection(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.listener.withLock { $0 = listener }
        return server
    }

    var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
    var requests: [Request] { state.withLock { $0.requests } }

    func stop() async throws {
        firstRequest.fail(CancellationError())
        try await listener.withLock { $0 }?.close()
    }

    /// Returns when a request has come.
    func waitForRequest() async throws {
        try await firstRequest.futureResult.get()
    }

    func connected() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
    }

    func received(_ request: Request) -> Step {
        defer { firstRequest.succeed() }
        return state.withLock { state in
            state.requests.append(request)
            return state.script.count > 1 ? state.script.removeFirst() : state.script[0]
        }
    }
}

/// Gathers requests with a body of two bytes and acts out the script's steps.
private final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ScriptedServer
    private let number: Int
    private var gathered = ""

    init(_ server: ScriptedServer) {
        self.server = server
        number = server.connected()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        gathered += String(buffer: unwrapInboundIn(data))
        guard gathered.hasSuffix("\r\n\r\n{}") else { return }
        let step = server.received(.init(connection: number, text: gathered))
        gathered = ""
        act(step, context)
    }

    private func act(_ step: ScriptedServer.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .answer(let text): send(text, context)
        case .answerAndClose(let text):
            send(text, context)
            context.close(promise: nil)
        case .silence: break
        case .drip: drip(context)
        case .reset:
            let abrupt = linger(l_onoff: 1, l_linger: 0)
            _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(abrupt)
            context.close(promise: nil)
        }
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    private func drip(_ context: ChannelHandlerContext) {
        let channel = context.channel
        send("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", context)
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { task in
            guard channel.isActive else { return task.cancel() }
            channel.writeAndFlush(ByteBuffer(string: "."), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
