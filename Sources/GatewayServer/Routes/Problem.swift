import GatewayCore
import GatewayWire
import NIOHTTP1

/// Refusals as problem documents (RFC 9457).
enum Problem {
    /// The reply for a refusal.
    /// - Parameters:
    ///   - detail: What is wrong in this very case, and the cure.
    ///   - retryAfter: Seconds, where coming back helps.
    static func reply(_ refusal: Refusal, detail: String, retryAfter: Int? = nil, headers: HTTPHeaders = [:])
        -> HTTPReply
    {
        var body = JSONObject()
        body["title"] = .string(refusal.title)
        body["status"] = .number(JSONNumber(refusal.status))
        body["code"] = .string(refusal.rawValue)
        body["detail"] = .string(detail)
        if let retryAfter { body["retry_after_ms"] = .number(JSONNumber(retryAfter * 1000)) }
        var headers = headers
        if let retryAfter { headers.replaceOrAdd(name: "Retry-After", value: String(retryAfter)) }
        headers.replaceOrAdd(name: "Cache-Control", value: "no-store")
        return HTTPReply(
            status: HTTPResponseStatus(statusCode: refusal.status), headers: headers, type: "application/problem+json",
            text: JSONValue.object(body).text)
    }
}
