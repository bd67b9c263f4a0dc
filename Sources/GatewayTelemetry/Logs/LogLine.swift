import Logging

/// One entry of the log, its fields in the order in which they are shown.
struct LogLine: Sendable {
    /// Milliseconds since 1970 (UTC).
    var time: Int64
    var level: Logger.Level
    var message: String
    var fields: [(name: String, value: Logger.MetadataValue)]
}
