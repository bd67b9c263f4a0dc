import Logging

/// An entry of the journal (systemd.journal-fields(7)).
enum JournalEntry {
    /// `SYSLOG_IDENTIFIER`.
    static let identifier = "fennec-gateway"

    /// The most scalars of one value: the journal takes large fields, on ways of their own where a datagram is too
    /// small for them.
    static let longest = 1 << 20

    /// Fields as `NAME=value`; the value may be any bytes.
    static func fields(_ line: LogLine) -> [[UInt8]] {
        let own = [
            ("MESSAGE", LogText.visible(line.message, atMost: longest)), ("PRIORITY", String(priority(line.level))),
            ("SYSLOG_IDENTIFIER", identifier),
        ]
        let kind = MessageKind(of: line.message).map { [("MESSAGE_ID", $0.id)] } ?? []
        let others = line.fields.map { (fieldName($0.name), LogText.visible("\($0.value)", atMost: longest)) }
        return (own + kind + others).map { name, value in Array("\(name)=\(value)".utf8) }
    }

    /// syslog(3)'s numbers.
    static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// `FENNEC_…` in capitals, digits and underscores, at most 64 bytes: journald drops fields of other names.
    static func fieldName(_ name: String) -> String {
        let letters = name.utf8.map { byte -> UInt8 in
            switch byte {
            case 0x61...0x7A: byte - 0x20
            case 0x41...0x5A, 0x30...0x39: byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: Array(("FENNEC_".utf8 + letters).prefix(64)), as: UTF8.self)
    }
}
