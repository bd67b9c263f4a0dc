import GatewayWire

extension WebSocketEnd {
    /// How the connection ended, for people.
    var words: String {
        switch self {
        case .closed(nil, _): "closed without a code"
        case .closed(let code?, ""): "closed with \(code)"
        case .closed(let code?, let reason): "closed with \(code), \(reason)"
        case .lost: "lost without a close frame"
        case .violated(.protocolError(let words)): "closed by us with 1002, \(words)"
        case .violated(let violation): "closed by us with \(violation.closeCode), \(violation.reason)"
        }
    }
}
