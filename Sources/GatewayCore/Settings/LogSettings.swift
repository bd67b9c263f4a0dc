/// What is logged, and how.
package struct LogSettings: Sendable, Equatable {
    /// The least level that is written.
    package enum Level: String, Sendable, Equatable, CaseIterable {
        case trace, debug, info, notice, warning, error
    }

    /// The form of a line.
    package enum Format: String, Sendable, Equatable, CaseIterable {
        /// journald under systemd, text on a terminal, JSON otherwise.
        case auto
        case text, json, journald
    }

    package var level: Level
    package var format: Format

    package init(level: Level = .info, format: Format = .auto) {
        self.level = level
        self.format = format
    }
}
