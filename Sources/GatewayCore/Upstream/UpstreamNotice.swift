/// What an operator should hear about the upstream, once, when it begins and when it is over.
package enum UpstreamNotice: Sendable, Equatable {
    /// The service refuses this key, counted from 0 in the order of the configuration (401, 403).
    case keyRefused(key: Int, status: Int)
    /// The service slows this key down (429).
    case keyLimited(key: Int, retryAfter: Duration?)
    /// A key that was refused brings tokens again.
    case keyAccepted(key: Int)
    /// The token endpoint fails again and again; nobody waits for it for a while.
    case mintCircuitOpened(MintFailure)
    /// The token endpoint works again.
    case mintCircuitClosed
    /// The stream endpoint fails again and again, lastly so; nobody dials it for a while.
    case dialCircuitOpened(String)
    /// The stream endpoint works again.
    case dialCircuitClosed
    /// Tokens expire so soon, by this machine's clock, that none can be kept ready.
    case tokensExpireAtOnce
}

extension UpstreamNotice: CustomStringConvertible {
    /// One sentence for the log, with what to do where that is known. Keys are counted from 1, as people count.
    package var description: String {
        switch self {
        case .keyRefused(let key, let status):
            "the service refuses API key \(key + 1) (HTTP \(status)): replace it, then reload"
        case .keyLimited(let key, let retryAfter):
            "the service slows API key \(key + 1) down (HTTP 429)"
                + (retryAfter.map { ", it asks to wait \($0)" } ?? "") + ": tokens are minted more slowly from now on"
        case .keyAccepted(let key): "the service takes API key \(key + 1) again"
        case .mintCircuitOpened(let failure):
            "the token endpoint is left alone for a while, as it fails again and again: \(failure)"
        case .mintCircuitClosed: "the token endpoint works again"
        case .dialCircuitOpened(let words):
            "the stream endpoint is left alone for a while, as it fails again and again: \(words)"
        case .dialCircuitClosed: "the stream endpoint works again"
        case .tokensExpireAtOnce:
            "tokens expire within \(TokenPool.skewMargin) of their minting by this machine's clock, so none can be "
                + "kept ready: check the clock"
        }
    }
}
