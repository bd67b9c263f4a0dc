package import GatewayCore
import Glibc
package import Logging

/// Chooses how this process logs.
package enum LogBootstrap {
    /// The style for these circumstances.
    /// - Parameters:
    ///   - isTerminal: Whether standard error is one.
    ///   - journalStream: `$JOURNAL_STREAM`: the device and inode of the journal's socket (systemd.exec(5)).
    ///   - errorStream: Standard error's device and inode, in the same form, `device:inode`. The variable is inherited
    ///     by programs whose output was redirected since, so it counts only when both are equal.
    package static func style(
        for settings: LogSettings, isTerminal: Bool, journalStream: String?, errorStream: String?
    ) -> LogStyle {
        switch settings.format {
        case .text: return .text
        case .json: return .json
        case .journald: return .journald
        case .auto:
            if let journalStream, !journalStream.isEmpty, journalStream == errorStream { return .journald }
            return isTerminal ? .text : .json
        }
    }

    /// The style for this process as it is.
    package static func style(for settings: LogSettings) -> LogStyle {
        style(
            for: settings, isTerminal: isatty(STDERR_FILENO) == 1,
            journalStream: getenv("JOURNAL_STREAM").map { String(cString: $0) }, errorStream: errorStream())
    }

    /// A logger that writes to `writer`; there is no global one.
    package static func logger(
        label: String, writer: LogWriter, threshold: LogThreshold, limit: LogLimit? = nil
    ) -> Logger {
        Logger(label: label) { _ in GatewayLogHandler(writer: writer, threshold: threshold, limit: limit) }
    }

    private static func errorStream() -> String? {
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }
}
