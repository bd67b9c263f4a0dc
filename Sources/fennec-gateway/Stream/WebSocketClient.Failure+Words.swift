import GatewayWire

extension WebSocketClient.Failure {
    /// What went wrong between here and `place`, for people.
    func words(_ place: String) -> String {
        switch self {
        case .unreachable(let reason): "\(place) cannot be reached: \(reason.printable)"
        case .proxy(let reason): "the proxy on the way to \(place) made no tunnel: \(reason)"
        case .tls(let reason): "no TLS with \(place): \(Self.words(tls: reason))"
        case .refused(let status): "\(place) refused the connection with status \(status): \(Self.hint(status))"
        case .badHandshake(let reason): "\(place) speaks no WebSocket: \(reason)"
        case .timedOut: "\(place) did not answer in time"
        case .lost: "\(place) closed the connection before it answered"
        }
    }

    /// What went wrong, and what helps.
    private static func words(tls reason: String) -> String {
        switch reason {
        case TLSFailure.untrusted: "\(reason); see --ca-file"
        case TLSFailure.noTLS: "\(reason); is ws:// meant?"
        default: reason.printable
        }
    }

    /// What such a status means here, and what to do.
    private static func hint(_ status: Int) -> String {
        switch status {
        case 300..<400: "the stream is elsewhere"
        case 400: "the request is no good"
        case 401: "a credential is needed, or it is no good any more; see --ticket-file"
        case 403: "no rule lets this origin and address in; see --origin"
        case 404: "there is no stream at this path"
        case 426: "another version of WebSocket is wanted"
        case 429: "too many of these; try again later"
        case 503: "it is full or about to stop; try again later"
        case 500...: "something is wrong over there"
        default: "see the other side's log"
        }
    }
}
