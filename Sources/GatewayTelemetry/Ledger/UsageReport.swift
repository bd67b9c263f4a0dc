package import GatewayCore

/// Sums of the ledger, by one of the facts.
package struct UsageReport: Sendable, Equatable {
    /// What the rows stand for.
    package enum Grouping: String, Sendable, CaseIterable {
        case client, policy, origin, day
    }

    /// The sums of one client, policy, origin or day.
    package struct Row: Sendable, Equatable {
        /// Its name; empty for sessions without an origin.
        package var key: String
        package var sums: [Sum: Double]

        package init(key: String, sums: [Sum: Double]) {
            self.key = key
            self.sums = sums
        }

        package subscript(sum: Sum) -> Double { sums[sum] ?? 0 }
    }

    /// What is added up. The raw values are columns of the ledger and names in JSON and CSV.
    package enum Sum: String, Sendable, CaseIterable {
        /// Those that ended, however they did, and those that are open.
        case sessions
        case open, lost
        case duration = "duration_ms"
        case audioSeconds = "audio_seconds"
        case audioBytes = "audio_bytes"
        case forwardedSeconds = "forwarded_seconds"
        case forwardedBytes = "forwarded_bytes"
        case utterances, words, characters

        /// As it stands in JSON and CSV: seconds to the millisecond, all else whole.
        package func text(_ value: Double) -> String {
            switch self {
            case .audioSeconds, .forwardedSeconds: JSONNumber((value * 1000).rounded() / 1000)?.text ?? "0"
            default: String(Int(value))
            }
        }
    }

    package let grouping: Grouping
    /// Days in their order; everything else by its seconds of audio, the most first.
    package let rows: [Row]

    package init(grouping: Grouping, rows: [Row]) {
        self.grouping = grouping
        self.rows = rows
    }

    /// All rows together.
    package var total: Row {
        Row(
            key: "",
            sums: Dictionary(uniqueKeysWithValues: Sum.allCases.map { sum in (sum, rows.reduce(0) { $0 + $1[sum] }) }))
    }

    /// What so many seconds sent on to the service cost.
    /// - Parameter price: Of one minute, in any currency.
    package static func cost(of row: Row, price: Double) -> Double {
        (row[.forwardedSeconds] / 60 * price * 10_000).rounded() / 10_000
    }

    /// As a JSON object, with costs when there is a price.
    package func json(price: Double? = nil) -> JSONValue {
        var report = JSONObject()
        report["by"] = .string(grouping.rawValue)
        report["rows"] = .array(
            rows.map { row in
                var object = Self.json(row, price: price)
                object[grouping.rawValue] = .string(row.key)
                return .object(object)
            })
        report["total"] = .object(Self.json(total, price: price))
        return .object(report)
    }

    private static func json(_ row: Row, price: Double?) -> JSONObject {
        var object = JSONObject()
        for sum in Sum.allCases { object[sum.rawValue] = JSONNumber(sum.text(row[sum])).map(JSONValue.number) }
        if let price { object["cost"] = JSONNumber(cost(of: row, price: price)).map(JSONValue.number) }
        return object
    }
}
