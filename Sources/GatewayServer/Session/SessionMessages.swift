import GatewayCore

/// The messages that the gateway itself says to clients.
enum SessionMessages {
    /// What a missing `ready` is made up with.
    static let ready = #"{"type":"ready"}"#

    /// The error that goes before a close of the gateway's own. `jitter` is from 0 up to 1.
    static func error(_ ending: Ending, detail: String?, jitter: Double) -> String {
        var error = JSONObject()
        error["type"] = "error"
        error["origin"] = "gateway"
        error["code"] = .string(ending.rawValue)
        error["message"] = .string(detail ?? ending.message)
        error["retryable"] = .bool(ending.isRetryable)
        if let range = ending.retryAfterRange {
            let wait = range.lowerBound + Int(Double(range.count) * jitter)
            error["retry_after_ms"] = .number(JSONNumber(wait))
        }
        return JSONValue.object(error).text
    }
}
