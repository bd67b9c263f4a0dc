/// An identity provider whose JWTs are believed.
package struct IssuerSettings: Sendable, Equatable {
    /// Where its public keys come from (a JWK set, RFC 7517 §5).
    package enum Keys: Sendable, Equatable {
        case file(path: String)
        case url(EndpointURL)
    }

    /// What `iss` must be, to the letter.
    package var issuer: String
    /// `aud` must hold one of these.
    package var audiences: [String]
    package var keys: Keys
    /// Path of a PEM bundle that replaces the system trust store where its keys are fetched.
    package var caFile: String?
    /// How its tokens may be signed; at least one.
    package var algorithms: [SignatureAlgorithm]
    /// How long fetched keys are used before they are fetched again.
    package var refresh: Duration
    /// The claim that says who the holder is.
    package var clientClaim: String
    /// The claims that name policy and limits; `nil` leaves them to the access rule.
    package var policyClaim: String?
    package var limitsClaim: String?
    /// Whether sessions end when their token's `exp` passes.
    package var endsSessions: Bool

    package init(
        issuer: String, audiences: [String], keys: Keys, caFile: String? = nil,
        algorithms: [SignatureAlgorithm] = [.rs256, .es256], refresh: Duration = .seconds(15 * 60),
        clientClaim: String = "sub", policyClaim: String? = nil, limitsClaim: String? = nil, endsSessions: Bool = false
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.caFile = caFile
        self.algorithms = algorithms
        self.refresh = refresh
        self.clientClaim = clientClaim
        self.policyClaim = policyClaim
        self.limitsClaim = limitsClaim
        self.endsSessions = endsSessions
    }
}
