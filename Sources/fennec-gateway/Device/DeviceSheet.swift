import GatewayConfig
import GatewayCore
import GatewayServer
import GatewayTelemetry

/// A table of devices to be added: a line of column names, then a line for each.
struct DeviceSheet {
    /// Most devices of one table.
    static let mostDevices = 10_000
    /// Largest table, in bytes.
    static let maxBytes = 4 << 20

    enum Column: String, CaseIterable {
        case name, policy, expires, sha256
    }

    /// A device and the line that names it.
    struct Row: Equatable {
        var line: Int
        var device: DeviceDatabase.Newcomer
    }

    private(set) var rows: [Row] = []
    private(set) var problems: [CSVRecords.Problem] = []
    private let policies: Set<String>?
    private let now: Int

    /// Reads a table; what is wrong with it stands in `problems`, all of it.
    /// - Parameters:
    ///   - policies: The names of those that there are; `nil` when that is not known.
    ///   - now: Milliseconds since 1970.
    init(_ bytes: [UInt8], policies: Set<String>?, now: Int) {
        self.policies = policies
        self.now = now
        do throws(CSVRecords.Problem) {
            let records = try CSVRecords.read(bytes)
            let columns = columns(of: records.first)
            guard problems.isEmpty else { return }
            guard records.count - 1 <= Self.mostDevices else {
                throw CSVRecords.Problem(
                    line: records[Self.mostDevices + 1].line,
                    words: "these are more than \(Self.mostDevices) devices; import them in several files")
            }
            for record in records.dropFirst() { read(record, columns) }
            findRepetitions()
        } catch {
            problems.append(error)
        }
    }

    private mutating func columns(of record: CSVRecords.Record?) -> [Column] {
        let known = Column.allCases.map(\.rawValue)
        let line = record?.line ?? 1
        var columns: [Column] = []
        for name in record?.fields ?? [] {
            guard let column = Column(rawValue: name) else {
                let near = Suggestion.nearest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
                refuse(line, "unknown column \(quoted(name)), known are \(known.joined(separator: ", "))\(near)")
                continue
            }
            if columns.contains(column) { refuse(line, "the column \(column.rawValue) stands here twice") }
            columns.append(column)
        }
        if problems.isEmpty, !columns.contains(.name) {
            refuse(
                line, "the first line must name the columns, such as \(known.joined(separator: ",")); name is required")
        }
        return columns
    }

    private mutating func read(_ record: CSVRecords.Record, _ columns: [Column]) {
        guard record.fields.count == columns.count else {
            return refuse(record.line, "expected \(columns.count) fields, found \(record.fields.count)")
        }
        let values = Dictionary(uniqueKeysWithValues: zip(columns, record.fields).filter { !$1.isEmpty })
        let before = problems.count
        var device = DeviceDatabase.Newcomer(name: values[.name] ?? "")
        if DeviceName(argument: device.name) == nil {
            refuse(record.line, "the name must have 1 to 64 letters, digits, dots, dashes and underscores")
        }
        if let policy = values[.policy] {
            device.policy = policy
            if let policies, !policies.contains(policy) {
                let near =
                    Suggestion.nearest(to: policy, among: policies.sorted()).map { "; did you mean \($0)?" } ?? ""
                refuse(record.line, "there is no policy \(quoted(policy)) in the configuration\(near)")
            }
        }
        if let text = values[.expires] { readExpiry(text, of: &device, line: record.line) }
        if let text = values[.sha256] {
            device.hash = DeviceDatabase.Newcomer.hash(hexadecimal: text)
            if device.hash == nil { refuse(record.line, "sha256 must have 64 hexadecimal digits") }
        }
        if problems.count == before { rows.append(Row(line: record.line, device: device)) }
    }

    private mutating func readExpiry(_ text: String, of device: inout DeviceDatabase.Newcomer, line: Int) {
        if let life = try? DurationArgument.parseSeconds(text) {
            device.expires = now + life * 1000
        } else if let moment = UsageSince.parse(text, now: 0, duration: { _ in nil }) {
            device.expires = Int(moment)
            if moment <= now { refuse(line, "expires lies in the past") }
        } else {
            refuse(line, "expires must be a duration such as 720h, a day such as 2027-01-31, or 2027-01-31T09:30:00Z")
        }
    }

    private mutating func findRepetitions() {
        var names: [String: Int] = [:]
        var hashes: [[UInt8]: Int] = [:]
        for row in rows {
            if let first = names.updateValue(row.line, forKey: row.device.name) {
                refuse(row.line, "the device \(row.device.name) stands on line \(first) already")
            }
            if let hash = row.device.hash, let first = hashes.updateValue(row.line, forKey: hash) {
                refuse(row.line, "the token stands on line \(first) already; every device needs one of its own")
            }
        }
    }

    /// Adds a problem that shows elsewhere.
    mutating func refuse(_ line: Int, _ words: String) {
        problems.append(CSVRecords.Problem(line: line, words: words))
    }

    private func quoted(_ text: String) -> String { "\"\(String(text.printable.prefix(40)))\"" }
}
