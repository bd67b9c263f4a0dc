/// Why there is no token: one case for each thing that a caller or an operator does about it.
package enum MintFailure: Error, Sendable, Equatable {
    /// More bytes than this, of the body or of the head, and an answer is not read on.
    package static let largestAnswer = 64 * 1024

    /// 401 or 403: the key is bad. Asking again does not help until it is replaced.
    case unauthorized(status: Int)
    /// 429, with the wait that `Retry-After` asks for, in either of its forms (RFC 9110 §10.2.3), when it gives one.
    case rateLimited(retryAfter: Duration?)
    /// 500 to 599.
    case serverError(status: Int)
    /// Anything else but 2xx; redirects are never followed.
    case unexpectedStatus(Int)
    /// 2xx and JSON, but without a usable `token`.
    case noToken
    /// 2xx, but the body is not JSON.
    case notJSON
    /// The answer is larger than `largestAnswer`.
    case bodyTooLarge
    /// No whole answer came in time.
    case timedOut
    /// The name did not resolve, the connection failed or was lost, or what answered does not speak HTTP; in words.
    case unreachable(String)
    /// TLS was not agreed on or a certificate did not hold; which check failed, in words.
    case tls(String)
    /// The caller cancelled, or the minter was shut down.
    case cancelled
    /// This process is at fault, in words.
    case `internal`(String)

    /// Whether asking once more, soon, may help.
    package var isRetryable: Bool {
        switch self {
        case .serverError, .timedOut, .unreachable: true
        default: false
        }
    }

    /// The metric label and log field.
    package var label: String {
        switch self {
        case .unauthorized: "unauthorized"
        case .rateLimited: "rate_limited"
        case .serverError: "server_error"
        case .unexpectedStatus: "unexpected_status"
        case .noToken: "no_token"
        case .notJSON: "not_json"
        case .bodyTooLarge: "body_too_large"
        case .timedOut: "timed_out"
        case .unreachable: "unreachable"
        case .tls: "tls"
        case .cancelled: "cancelled"
        case .internal: "internal"
        }
    }
}

extension MintFailure: CustomStringConvertible {
    /// One sentence for the log, with what to do where that is known.
    package var description: String {
        switch self {
        case .unauthorized(let status): "the API key was refused (HTTP \(status)): replace it, then reload"
        case .rateLimited(.some(let wait)): "too many tokens asked for; the vendor says to wait \(wait)"
        case .rateLimited(.none): "too many tokens asked for"
        case .serverError(let status): "the token endpoint failed (HTTP \(status))"
        case .unexpectedStatus(let status): "the token endpoint answered HTTP \(status): check upstream.token_url"
        case .noToken: "the token endpoint's answer has no token"
        case .notJSON: "the token endpoint's answer is not JSON: check upstream.token_url"
        case .bodyTooLarge: "the token endpoint's answer is larger than \(MintFailure.largestAnswer) bytes"
        case .timedOut: "the token endpoint did not answer in time"
        case .unreachable(let words): "the token endpoint could not be reached: \(words)"
        case .tls(let words): "TLS with the token endpoint failed: \(words)"
        case .cancelled: "cancelled"
        case .internal(let words): "the gateway could not ask for a token: \(words)"
        }
    }
}
