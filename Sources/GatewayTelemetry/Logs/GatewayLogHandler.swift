package import Logging

/// swift-log's back end: merges metadata, sorts it by name, and writes lines in the style of its writer.
package struct GatewayLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let writer: LogWriter
    private let threshold: LogThreshold
    private let limit: LogLimit?
    private var ownLevel: Logger.Level?

    /// - Parameters:
    ///   - threshold: Governs this logger until its `logLevel` is set.
    ///   - limit: Holds back what repeats; without one everything is written.
    package init(writer: LogWriter, threshold: LogThreshold, limit: LogLimit? = nil) {
        self.writer = writer
        self.limit = limit
        self.threshold = threshold
    }

    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        if event.level >= .warning, let limit, !limit.admits(event.message.description) { return }
        var all = metadata
        for more in [metadataProvider?.get(), event.metadata] {
            if let more { all.merge(more) { _, later in later } }
        }
        if let error = event.error { all["error"] = .string("\(error)") }
        let fields = all.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        writer.write(
            LogLine(time: UTCTime.now(), level: event.level, message: event.message.description, fields: fields))
    }
}
