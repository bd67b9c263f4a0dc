/// Why a request was refused before the WebSocket opened: the problem's `code`, the metric label and the log field.
package enum Refusal: String, Sendable, Equatable, CaseIterable {
    case badRequest = "bad_request"
    case credentialRequired = "credential_required"
    case credentialInvalid = "credential_invalid"
    case credentialExpired = "credential_expired"
    case originRefused = "origin_refused"
    case hostRefused = "host_refused"
    case addressRefused = "address_refused"
    case policyRefused = "policy_refused"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case webSocketVersion = "websocket_version"
    case tooManySessions = "too_many_sessions"
    case tooManyConnects = "too_many_connects"
    case tooManyFailures = "too_many_failures"
    case quotaExhausted = "quota_exhausted"
    case draining = "draining"
    case full = "full"
    case upstreamUnavailable = "upstream_unavailable"

    /// The HTTP status that says so.
    package var status: Int {
        switch self {
        case .badRequest: 400
        case .credentialRequired, .credentialInvalid, .credentialExpired: 401
        case .originRefused, .hostRefused, .addressRefused, .policyRefused: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .webSocketVersion: 426
        case .tooManySessions, .tooManyConnects, .tooManyFailures, .quotaExhausted: 429
        case .draining, .full, .upstreamUnavailable: 503
        }
    }

    /// The `title` of the problem document (RFC 9457 §3.1.4): the same words for every occurrence.
    package var title: String {
        switch self {
        case .badRequest: "The request is malformed"
        case .credentialRequired: "A credential is required"
        case .credentialInvalid: "The credential is not valid"
        case .credentialExpired: "The credential has expired"
        case .originRefused: "This origin may not connect"
        case .hostRefused: "This host name is not served here"
        case .addressRefused: "This address may not connect"
        case .policyRefused: "This policy may not be used"
        case .notFound: "There is nothing here"
        case .methodNotAllowed: "The method is not allowed here"
        case .webSocketVersion: "The WebSocket version is not supported"
        case .tooManySessions: "Too many sessions"
        case .tooManyConnects: "Too many connection attempts"
        case .tooManyFailures: "Too many failed attempts"
        case .quotaExhausted: "The quota is used up"
        case .draining: "The gateway is restarting"
        case .full: "The gateway is full"
        case .upstreamUnavailable: "The speech service cannot be reached"
        }
    }
}
