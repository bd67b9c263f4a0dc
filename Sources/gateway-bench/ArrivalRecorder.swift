import NIOCore
import Synchronization

/// Notes when messages arrive at the stand-in, by the timestamps in their first eight bytes.
final class ArrivalRecorder: Sendable {
    /// What arrived in one window.
    struct Window: Sendable {
        var latencies: [Double] = []
        var messages = 0
        var bytes = 0
    }

    private let window = Mutex(Window())
    /// Latencies kept in one window; later ones are counted only.
    private let mostLatencies = 4_000_000

    /// A message arrived.
    func arrived(_ message: ByteBuffer) {
        let now = NIODeadline.now().uptimeNanoseconds
        let sent = message.getInteger(at: message.readerIndex, endianness: .little, as: UInt64.self) ?? now
        window.withLock { window in
            window.messages += 1
            window.bytes += message.readableBytes
            if window.latencies.count < mostLatencies {
                window.latencies.append(Double(now &- sent) / 1000)
            }
        }
    }

    /// Takes the window and begins the next.
    func take() -> Window {
        window.withLock { current in
            let taken = current
            current = Window()
            return taken
        }
    }
}
