package import GatewayCore
package import Logging
import Synchronization

/// The least level that is written, for all loggers at once; it may be changed while they run.
package final class LogThreshold: Sendable {
    private let index: Atomic<Int>

    package init(_ level: LogSettings.Level) {
        index = Atomic(Self.index(of: level.logLevel))
    }

    package var level: Logger.Level {
        get { Logger.Level.allCases[index.load(ordering: .relaxed)] }
        set { index.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    private static func index(of level: Logger.Level) -> Int {
        Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}

extension LogSettings.Level {
    /// The same level for swift-log.
    package var logLevel: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
