package import GatewayCore
package import GatewayWire

/// Why a session got no upstream.
package enum UpstreamFailure: Error, Sendable {
    /// No token was to be had.
    case token(TokenNeedFailure)
    /// The stream could not be opened.
    case dial(WebSocketClient.Failure)
    /// The stream endpoint fails again and again; dialling it is worth a try after this time.
    case circuitOpen(retryAfter: Duration)

    /// How a session that needed it ends.
    package var ending: Ending {
        switch self {
        case .token(.circuitOpen), .circuitOpen: .circuitOpen
        case .token(.closed): .restart
        case .token(.mint), .token(.crowded), .token(.keysRefused), .token(.timedOut): .tokenUnavailable
        case .dial(.badHandshake): .upstreamProtocol
        case .dial(.timedOut): .upstreamTimeout
        case .dial(.unreachable), .dial(.proxy), .dial(.tls), .dial(.refused), .dial(.lost): .upstreamUnreachable
        }
    }

    /// After what time coming back may help, where that is known.
    package var retryAfter: Duration? {
        switch self {
        case .token(let failure): failure.retryAfter
        case .circuitOpen(let retryAfter): retryAfter
        case .dial: nil
        }
    }

    /// Whether it befalls everybody at the moment, so that one line in the log for all of them is enough.
    package var isShared: Bool {
        switch self {
        case .circuitOpen, .token(.circuitOpen), .token(.crowded), .token(.keysRefused), .token(.closed): true
        case .token(.mint(.unauthorized)): true
        case .token(.mint), .token(.timedOut), .dial: false
        }
    }
}

extension UpstreamFailure: CustomStringConvertible {
    /// One sentence for the log, without anything secret.
    package var description: String {
        switch self {
        case .token(let failure): failure.description
        case .circuitOpen: "the stream endpoint fails again and again and is left alone for a while"
        case .dial(.unreachable(let words)): "the stream endpoint could not be reached: \(words)"
        case .dial(.proxy(let words)): "the proxy made no tunnel to the stream endpoint: \(words)"
        case .dial(.tls(let words)): "TLS with the stream endpoint failed: \(Self.words(tls: words))"
        case .dial(.refused(let status)): "the stream endpoint refused the connection (HTTP \(status))"
        case .dial(.badHandshake(let words)): "the stream endpoint broke the handshake: \(words)"
        case .dial(.timedOut): "the stream endpoint did not answer in time"
        case .dial(.lost): "the stream endpoint ended the connection during the handshake"
        }
    }

    /// With the cure where there is one: the library does not tell why nobody vouches for a certificate.
    private static func words(tls words: String) -> String {
        words == TLSFailure.untrusted
            ? "\(words): it is expired, self-signed or of an authority that upstream.ca_file does not name" : words
    }
}
