/// What a JWT says whose signature has been checked, and which is good here and now.
package struct VerifiedToken: Sendable, Equatable {
    /// Clocks may differ by so many seconds.
    package static let leeway = 60

    /// Why a token is not good.
    package enum Failure: Error, Sendable, Equatable {
        case expired
        /// In words for whoever sent it.
        case invalid(String)
    }

    package let issuer: String
    /// Who it is: the claim that the issuer's `client` names.
    package let client: String
    package let audiences: [String]
    /// The policy and the limits that its claims name.
    package let policy: String?
    package let limits: String?
    /// `exp`, in milliseconds since 1970.
    package let expires: Int
    /// Whether its sessions end with it.
    package let endsSessions: Bool
    package let claims: JSONObject

    /// Checks the claims of a token (RFC 7519 §4.1): issuer, audience, `exp`, which must be there, `nbf`, and that it
    /// says who it is.
    /// - Parameters:
    ///   - claims: Those of a token whose signature is the issuer's.
    ///   - now: Milliseconds since 1970.
    package init(_ claims: JSONObject, of issuer: IssuerSettings, now: Int) throws(Failure) {
        // To the letter: strings of Swift are equal when they look equal, and others may register such names.
        guard claims["iss"]?.string.map({ $0.utf8.elementsEqual(issuer.issuer.utf8) }) == true else {
            throw .invalid("The token's issuer is not known here.")
        }
        let audiences = Self.texts(claims["aud"])
        guard audiences.contains(where: { named in issuer.audiences.contains { $0.utf8.elementsEqual(named.utf8) } })
        else {
            throw .invalid("The token is for another audience.")
        }
        guard let expires = Self.moment(claims["exp"]) else {
            throw .invalid("The token does not say when it expires.")
        }
        guard now < expires + Self.leeway * 1000 else { throw .expired }
        if let value = claims["nbf"] {
            guard let start = Self.moment(value), now + Self.leeway * 1000 >= start else {
                throw .invalid("The token is not good yet.")
            }
        }
        guard let client = claims.member(issuer.clientClaim)?.string, Self.isName(client) else {
            throw .invalid("The token does not say who its holder is: the claim \(issuer.clientClaim) is missing.")
        }
        self.issuer = issuer.issuer
        self.client = client
        self.audiences = audiences
        self.expires = expires
        self.claims = claims
        endsSessions = issuer.endsSessions
        policy = try Self.name(issuer.policyClaim, in: claims)
        limits = try Self.name(issuer.limitsClaim, in: claims)
    }

    /// Until when it is taken, in milliseconds since 1970.
    package var goodUntil: Int { expires + Self.leeway * 1000 }

    /// What it gives to sessions. Those that end with it do so at its `exp`; where that has just passed, when it is
    /// taken no more.
    /// - Parameter now: Milliseconds since 1970.
    package func grant(now: Int) -> TokenGrant {
        let end = now < expires ? expires : goodUntil
        return TokenGrant(policy: policy, limits: limits, endsSessionsAt: endsSessions ? end : nil)
    }

    /// The text of a claim that names something; `nil` when there is no such claim.
    private static func name(_ claim: String?, in claims: JSONObject) throws(Failure) -> String? {
        guard let claim, let value = claims.member(claim), value != .null else { return nil }
        guard let text = value.string, isName(text) else { throw .invalid("The claim \(claim) must be a text.") }
        return text
    }

    /// What may stand in logs and ledger: 1 to 128 bytes without control characters.
    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// One text, or an array of texts.
    private static func texts(_ value: JSONValue?) -> [String] {
        if let text = value?.string { return [text] }
        guard case .array(let elements)? = value else { return [] }
        return elements.compactMap(\.string)
    }

    /// Seconds since 1970, perhaps with a fraction, in milliseconds.
    private static func moment(_ value: JSONValue?) -> Int? {
        guard let seconds = value?.number?.asDouble, (0..<1e12).contains(seconds) else { return nil }
        return Int(seconds * 1000)
    }
}

extension JSONObject {
    /// The value of a claim: the member of this name, or else the way through objects that dots in it lead.
    package func member(_ name: String) -> JSONValue? {
        if let value = self[name] { return value }
        let parts = name.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return self[String(parts[0])]?.object?.member(String(parts[1]))
    }
}
