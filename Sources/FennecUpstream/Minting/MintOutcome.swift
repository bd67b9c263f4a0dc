package import GatewayCore

/// What came of asking for a token.
package enum MintOutcome: Sendable {
    /// A token, and how long it took.
    case token(UpstreamToken, milliseconds: Double)
    case failed(MintFailure)

    /// The label of success.
    private static let success = "ok"

    /// The metric label and log field.
    package var label: String {
        switch self {
        case .token: Self.success
        case .failed(let failure): failure.label
        }
    }

    /// Every label there is, so that each series can begin at 0.
    package static let labels: [String] =
        [success]
        + [
            MintFailure.unauthorized(status: 401), .rateLimited(retryAfter: nil), .serverError(status: 500),
            .unexpectedStatus(404), .noToken, .notJSON, .bodyTooLarge, .timedOut, .unreachable(""), .tls(""),
            .cancelled, .internal(""),
        ].map(\.label)
}
