import GatewayWire
import NIOCore

/// Sends every message back, and reads no faster than the peer does.
final class Echo: WebSocketOwner {
    /// 64 MiB a message, of either kind.
    static var limits: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.maxBinaryMessageBytes = 64 << 20
        limits.maxTextMessageBytes = 64 << 20
        return limits
    }

    private let onEnd: (WebSocketEnd) -> Void

    init(onEnd: @escaping (WebSocketEnd) -> Void = { _ in }) {
        self.onEnd = onEnd
    }

    func received(text: ByteBuffer, on leg: WebSocketLeg) {
        leg.send(text: text)
    }

    func received(binary: ByteBuffer, on leg: WebSocketLeg) {
        leg.send(binary: binary)
    }

    func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg) {
        if isWritable { leg.resumeReading() } else { leg.pauseReading() }
    }

    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg) {
        onEnd(end)
    }
}
