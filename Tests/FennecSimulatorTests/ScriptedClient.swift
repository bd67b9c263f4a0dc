import GatewayWire
import NIOCore
import NIOPosix

@testable import FennecSimulator

/// A client with a script: says all its lines as soon as it is connected, then listens until the end.
final class ScriptedClient: WebSocketOwner {
    /// What a client can say.
    enum Line: Sendable {
        case text(String)
        case audio([UInt8])
        case ping
        case close(UInt16)
    }

    private let lines: [Line]
    private let done: EventLoopPromise<Conversation>
    private var messages: [String] = []

    private init(_ lines: [Line], _ done: EventLoopPromise<Conversation>) {
        self.lines = lines
        self.done = done
    }

    /// The whole conversation over one connection.
    static func converse(port: Int, target: String, _ lines: [Line]) async throws -> Conversation {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.flatSubmit {
            let done = loop.makePromise(of: Conversation.self)
            let client = ScriptedClient(lines, done)
            WebSocketClient.connect(
                to: .init(host: "127.0.0.1", port: port, pathAndQuery: target), on: loop, timeout: .seconds(20),
                owner: client
            ).leg.assumeIsolated().whenComplete { result in
                switch result {
                case .success(let leg): client.speak(on: leg)
                case .failure(let error): done.fail(error)
                }
            }
            return done.futureResult
        }.get()
    }

    private func speak(on leg: WebSocketLeg) {
        for line in lines {
            switch line {
            case .text(let text): leg.send(text: text)
            case .audio(let bytes): leg.send(binary: ByteBuffer(bytes: bytes))
            case .ping: leg.sendPing()
            case .close(let code): leg.close(code: code, reason: "")
            }
        }
        leg.flush()
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) { messages.append(String(buffer: text)) }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) { messages.append("binary") }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        done.succeed(Conversation(messages: messages, end: end))
    }
}

/// What a client heard.
struct Conversation: Sendable {
    var messages: [String]
    var end: WebSocketEnd

    /// The messages as JSON.
    var values: [JSONValue] { messages.compactMap { try? JSONReader.read($0.utf8) } }
    /// The `type` of every message.
    var types: [String] { values.map { $0["type"]?.string ?? "?" } }

    /// The texts of messages of a type.
    func texts(_ type: String) -> [String] {
        values.filter { $0["type"]?.string == type }.compactMap { $0["text"]?.string }
    }
}
