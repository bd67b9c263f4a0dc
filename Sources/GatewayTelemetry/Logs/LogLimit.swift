import GatewayCore
import Logging
import Synchronization

/// Holds back warnings and errors that repeat within a second, and writes how many they were. Accounts of sessions
/// never pass through here.
package final class LogLimit: Sendable {
    /// Lines of the same message in a second.
    package static let most = 10
    /// Different messages in a second; those of strangers' making cannot fill memory.
    package static let mostKinds = 64

    private let writer: LogWriter
    private let limit = Mutex(RepeatLimit(most: LogLimit.most, mostKinds: LogLimit.mostKinds))
    private let origin = ContinuousClock.now

    package init(writer: LogWriter) {
        self.writer = writer
    }

    /// Whether a line may be written now; first writes what was held back in seconds that are over.
    func admits(_ message: String) -> Bool {
        let now = now
        let (held, passes) = limit.withLock { ($0.takeOver(at: now), $0.said(message, at: now)) }
        write(held)
        return passes
    }

    /// Writes what was held back in seconds that are over; to be called about once a second.
    package func settle() {
        let now = now
        write(limit.withLock { $0.takeOver(at: now) })
    }

    /// Writes all that was held back, at the end.
    package func finish() {
        write(limit.withLock { $0.takeOver(at: nil) })
    }

    private var now: Int { Int(origin.duration(to: .now) / .milliseconds(1)) }

    private func write(_ held: [RepeatLimit.HeldBack]) {
        for held in held {
            writer.write(
                LogLine(
                    time: UTCTime.now(), level: .warning, message: "lines were held back",
                    fields: [("held_back", .stringConvertible(held.count)), ("repeated", .string(held.kind))]))
        }
    }
}
