package import GatewayCore
package import GatewayWire

/// Why a session got no upstream.
package enum UpstreamFailure: Error, Sendable {
    /// No token was to be had.
    case mint(MintFailure)
    /// The stream could not be opened.
    case dial(WebSocketClient.Failure)
    /// Nobody needs it any more.
    case cancelled

    /// How a session that needed it ends.
    package var ending: Ending {
        switch self {
        case .mint: .tokenUnavailable
        case .dial(.badHandshake): .upstreamProtocol
        case .dial(.timedOut): .upstreamTimeout
        case .dial(.unreachable), .dial(.tls), .dial(.refused), .dial(.lost): .upstreamUnreachable
        case .cancelled: .internal
        }
    }
}

extension UpstreamFailure: CustomStringConvertible {
    /// One sentence for the log, without anything secret.
    package var description: String {
        switch self {
        case .mint(let failure): failure.description
        case .dial(.unreachable(let words)): "the stream endpoint could not be reached: \(words)"
        case .dial(.tls(let words)): "TLS with the stream endpoint failed: \(words)"
        case .dial(.refused(let status)): "the stream endpoint refused the connection (HTTP \(status))"
        case .dial(.badHandshake(let words)): "the stream endpoint broke the handshake: \(words)"
        case .dial(.timedOut): "the stream endpoint did not answer in time"
        case .dial(.lost): "the stream endpoint ended the connection during the handshake"
        case .cancelled: "no longer needed"
        }
    }
}
