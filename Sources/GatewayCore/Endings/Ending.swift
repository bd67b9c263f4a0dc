/// Why the gateway itself ended a session after the 101: the error's `code`, the close reason, the metric label and
/// the log field.
package enum Ending: String, Sendable, Equatable, CaseIterable {
    case protocolViolation = "protocol_violation"
    case notJSON = "not_json"
    case unknownMessage = "unknown_message"
    case invalidUTF8 = "invalid_utf8"
    case messageTooBig = "message_too_big"
    case startExpected = "start_expected"
    case startTimeout = "start_timeout"
    case secondStart = "second_start"
    case policyStartRefused = "policy_start_refused"
    case policyMessageRefused = "policy_message_refused"
    case idleTimeout = "idle_timeout"
    case sessionTooLong = "session_too_long"
    case audioTooFast = "audio_too_fast"
    case clientStalled = "client_stalled"
    case quotaExhausted = "quota_exhausted"
    case credentialExpired = "credential_expired"
    case credentialRevoked = "credential_revoked"
    case killed = "killed"
    case `internal` = "internal"
    case restart = "restart"
    case tokenUnavailable = "token_unavailable"
    case circuitOpen = "circuit_open"
    case full = "full"
    case upstreamUnreachable = "upstream_unreachable"
    case upstreamTimeout = "upstream_timeout"
    case upstreamProtocol = "upstream_protocol"
    case upstreamStalled = "upstream_stalled"
    case upstreamLost = "upstream_lost"

    /// The WebSocket close code (RFC 6455 §7.4.1 and the IANA registry) that goes with it.
    package var closeCode: UInt16 {
        switch self {
        case .protocolViolation: 1002
        case .notJSON, .unknownMessage: 1003
        case .invalidUTF8: 1007
        case .messageTooBig: 1009
        case .startExpected, .startTimeout, .secondStart, .policyStartRefused, .policyMessageRefused, .idleTimeout,
            .sessionTooLong, .audioTooFast, .clientStalled, .quotaExhausted, .credentialExpired, .credentialRevoked,
            .killed:
            1008
        case .internal: 1011
        case .restart: 1012
        case .tokenUnavailable, .circuitOpen, .full: 1013
        case .upstreamUnreachable, .upstreamTimeout, .upstreamProtocol, .upstreamStalled, .upstreamLost: 1014
        }
    }

    /// Whether coming back with the same request can help: true of 1011 to 1014.
    package var isRetryable: Bool { (1011...1014).contains(closeCode) }

    /// The range, in ms, from which `retry_after_ms` is drawn, so that clients do not all return at once; `nil` where
    /// coming back does not help.
    package var retryAfterRange: ClosedRange<Int>? {
        guard isRetryable else { return nil }
        switch self {
        case .restart: return 200...2000
        case .tokenUnavailable, .circuitOpen, .full: return 2000...10000
        default: return 500...5000
        }
    }

    /// The error's `retry_after_ms`; `nil` where coming back does not help.
    /// - Parameters:
    ///   - hint: What is known of when coming back may help; of a longer time than 50 s it is 50 s.
    ///   - jitter: From 0 up to 1.
    package func retryAfter(_ hint: Duration?, jitter: Double) -> Int? {
        retryAfterRange.map { range in
            let known = min(max(hint ?? .zero, .zero), .seconds(50))
            return Int(known / .milliseconds(1)) + range.lowerBound + Int(Double(range.count) * jitter)
        }
    }

    /// How loudly it is logged: what a client did wrong is information, what the upstream or we did is a warning.
    package var severity: Severity {
        switch closeCode {
        case 1011: .error
        case 1013, 1014: .warning
        default: .info
        }
    }

    /// One English sentence for the error's `message`, where the case has no detail of its own to tell.
    package var message: String {
        switch self {
        case .protocolViolation: "The WebSocket protocol was violated."
        case .notJSON: "A text message must be one JSON object (RFC 8259, UTF-8, no duplicate names)."
        case .unknownMessage: "This message type is not known here; send start, binary audio, then eos."
        case .invalidUTF8: "A text message is not valid UTF-8."
        case .messageTooBig: "The message is larger than this gateway accepts."
        case .startExpected: "The first message must be a JSON start message."
        case .startTimeout: "No start message arrived in time."
        case .secondStart: "A session has one start message; open a new connection for other settings."
        case .policyStartRefused: "The start message was refused."
        case .policyMessageRefused: "This message is not allowed by the policy."
        case .idleTimeout: "No audio arrived for too long."
        case .sessionTooLong: "The session reached its longest duration."
        case .audioTooFast: "Audio arrives faster than the policy allows."
        case .clientStalled: "The client stopped reading."
        case .quotaExhausted: "The quota is used up."
        case .credentialExpired: "The credential has expired."
        case .credentialRevoked: "The credential was revoked."
        case .killed: "An operator ended this session."
        case .internal: "The gateway failed; this is not your fault."
        case .restart: "The gateway restarts; connect again."
        case .tokenUnavailable: "The gateway could not get a token from the speech service."
        case .circuitOpen: "The speech service is failing; come back later."
        case .full: "The gateway is full; come back later."
        case .upstreamUnreachable: "The speech service could not be reached."
        case .upstreamTimeout: "The speech service did not answer in time."
        case .upstreamProtocol: "The speech service broke the protocol."
        case .upstreamStalled: "The speech service stopped reading."
        case .upstreamLost: "The connection to the speech service was lost."
        }
    }
}
