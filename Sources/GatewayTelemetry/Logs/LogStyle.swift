/// The form of a log line.
package enum LogStyle: String, Sendable, Equatable, CaseIterable {
    /// For people at a terminal: time, level, message, `name=value`.
    case text
    /// One JSON object a line.
    case json
    /// The journal's native protocol, each value a field of its own.
    case journald
}
