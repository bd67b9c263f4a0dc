/// Why a need got no token.
package enum TokenNeedFailure: Error, Sendable, Equatable {
    /// The last mint on its account failed so.
    case mint(MintFailure)
    /// The token endpoint fails again and again; asking it is worth a try after this time.
    case circuitOpen(retryAfter: Duration)
    /// The service allows fewer tokens than are needed; there may be one after this time.
    case crowded(retryAfter: Duration)
    /// The service refuses every key; one is tried again after this time.
    case keysRefused(retryAfter: Duration)
    /// Its deadline passed.
    case timedOut
    /// The gateway stops.
    case closed
}

extension TokenNeedFailure: CustomStringConvertible {
    /// After what time coming back may help, where that is known.
    package var retryAfter: Duration? {
        switch self {
        case .circuitOpen(let time), .crowded(let time), .keysRefused(let time): time
        case .mint, .timedOut, .closed: nil
        }
    }

    /// One sentence for the log, without anything secret.
    package var description: String {
        switch self {
        case .mint(let failure): failure.description
        case .circuitOpen: "the token endpoint fails again and again and is left alone for a while"
        case .crowded: "more tokens are needed than the service allows"
        case .keysRefused: "the service refuses every API key: replace them, then reload"
        case .timedOut: "no token came in time"
        case .closed: "the gateway stops"
        }
    }
}
