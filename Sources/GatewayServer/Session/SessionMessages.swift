import GatewayCore
import GatewayTelemetry

/// The messages that the gateway itself says to clients.
enum SessionMessages {
    /// What a missing `ready` is made up with.
    static let ready = #"{"type":"ready"}"#

    /// The event for a client whose budget comes to an end. `share` of it is used, from 0 to 1.
    static func quotaWarning(share: Double, accounts: [BudgetBook.Account]) -> String {
        let resets = accounts.map(\.window).min { $0.end < $1.end }?.endText
        var event: JSONObject = ["type": "gateway.warning", "warning": "quota"]
        event["used_percent"] = .number(JSONNumber(Int((share * 100).rounded(.down))))
        event["resets_at"] = resets.map { .string($0) }
        return JSONValue.object(event).text
    }

    /// The event for a client whose credential is about to expire.
    /// - Parameter endsAt: Milliseconds since 1970.
    static func expiryWarning(endsAt: Int64) -> String {
        let event: JSONObject = [
            "type": "gateway.warning", "warning": "credential_expires", "expires_at": .string(UTCTime.text(endsAt)),
        ]
        return JSONValue.object(event).text
    }

    /// The error that goes before a close of the gateway's own.
    /// - Parameters:
    ///   - session: The session's id, by which the log knows it.
    ///   - retryAfter: What is known of when coming back may help.
    ///   - jitter: From 0 up to 1.
    static func error(
        _ ending: Ending, session: String, detail: String?, retryAfter: Duration? = nil, jitter: Double
    ) -> String {
        var error = JSONObject()
        error["type"] = "error"
        error["origin"] = "gateway"
        error["code"] = .string(ending.rawValue)
        error["message"] = .string(detail ?? ending.message)
        error["session"] = .string(session)
        error["retryable"] = .bool(ending.isRetryable)
        if let wait = ending.retryAfter(retryAfter, jitter: jitter) {
            error["retry_after_ms"] = .number(JSONNumber(wait))
        }
        return JSONValue.object(error).text
    }
}
