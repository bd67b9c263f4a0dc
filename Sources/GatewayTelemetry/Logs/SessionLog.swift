package import GatewayCore
import Logging

/// Writes the one line that accounts for a session, whatever the log level.
package struct SessionLog: Sendable {
    private let writer: LogWriter

    package init(writer: LogWriter) {
        self.writer = writer
    }

    /// Writes the record with its fields in their own order.
    package func write(_ record: UsageRecord) {
        let fields = record.fields.map { (name: $0.name, value: Logger.MetadataValue.stringConvertible($0.value)) }
        writer.write(LogLine(time: UTCTime.now(), level: .info, message: "session ended", fields: fields))
    }
}
