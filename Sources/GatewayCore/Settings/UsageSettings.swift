/// How sessions are accounted for.
package struct UsageSettings: Sendable, Equatable {
    /// Path of the ledger; `nil` when none is kept.
    package var ledger: String?
    /// How long the ledger keeps the record of a session; sums of whole days are kept for `dailyRetention`.
    package var retention: Duration = .seconds(400 * 86_400)
    /// How long the ledger keeps the sums of a day.
    package var dailyRetention: Duration = .seconds(3650 * 86_400)
    /// Path of a file to which every record is appended, a JSON object on a line; `nil` when there is none.
    package var jsonl: String?
    /// What is kept of a client's address.
    package var address: AddressForm = .full
    /// Whether the gateway is not ready while the ledger cannot be written.
    package var isRequired = false

    /// What a minute of audio that was sent on costs, in any currency; `nil` leaves costs out of reports.
    package var pricePerMinute: Double?

    package init() {}

    /// Whether anything is kept besides the log.
    package var isKept: Bool { ledger != nil || jsonl != nil }
}
