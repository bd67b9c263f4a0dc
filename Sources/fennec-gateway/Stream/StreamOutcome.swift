import GatewayWire

/// What came of a session.
struct StreamOutcome: Sendable, Equatable {
    /// How a session ended.
    enum End: Sendable, Equatable {
        /// As the leg tells it.
        case leg(WebSocketEnd)
        /// No `ready` in time.
        case neverReady
        /// Neither a message nor a close in time after `eos`.
        case neverClosed
        /// The recording could not be read on.
        case unreadable(WAVError)
    }

    var finals: [String] = []
    var errors = 0
    /// From the handshake's end to `ready`.
    var readyAfter: Duration?
    var framesSent = 0
    var end: End = .leg(.lost)

    /// Whether it went as a session should: ready, no error, and closed with 1000 (RFC 6455 §7.4.1).
    var isSuccess: Bool {
        guard readyAfter != nil, errors == 0, case .leg(.closed(code: 1000, _)) = end else { return false }
        return true
    }

    /// The words of all finals.
    var words: [String] {
        finals.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
    }
}
