import GatewayWire
import NIOCore
import Synchronization

/// Texts that came on one loop and are read elsewhere.
final class TextBox: Sendable {
    private let texts = Mutex<[String]>([])

    /// The first of them.
    var first: String? { texts.withLock(\.first) }

    /// Keeps one more.
    func add(_ text: String) {
        texts.withLock { $0.append(text) }
    }
}

/// Keeps the text messages that come.
final class TextCollector: WebSocketOwner {
    private let texts: TextBox
    private let onEnd: (WebSocketEnd) -> Void

    init(texts: TextBox, onEnd: @escaping (WebSocketEnd) -> Void) {
        self.texts = texts
        self.onEnd = onEnd
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        texts.add(String(buffer: text))
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {}

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        onEnd(end)
    }
}
