/// The tokens given out: each is accepted once, before it expires. Times are in whole seconds since 1970.
package struct TokenBook: Sendable {
    /// Why a token was not accepted.
    package enum Refusal: String, Error, Sendable, Equatable {
        case missing
        /// Not signed here, or not a token.
        case invalid
        case expired
        /// Accepted before, or forgotten.
        case used
    }

    private let signer = TokenSigner()
    private let lifetime: Int
    private let limit: Int
    private var expiries: [Int: Int] = [:]
    private var oldest = 0
    private var lastID = 0

    /// Remembers at most `limit` unused tokens; the oldest is forgotten, and so refused, when there are more.
    package init(lifetime: Int, limit: Int) {
        self.lifetime = lifetime
        self.limit = max(1, limit)
    }

    /// A new token.
    package mutating func mint(now: Int) -> String {
        lastID += 1
        expiries[lastID] = now + lifetime
        while expiries.count > limit {
            oldest += 1
            expiries[oldest] = nil
        }
        return signer.sign(["jti": .string(String(lastID)), "iat": .number(now), "exp": .number(now + lifetime)])
    }

    /// Accepts a token and returns its number, counted from 1.
    package mutating func redeem(_ token: String?, now: Int) throws(Refusal) -> Int {
        guard let token, !token.isEmpty else { throw .missing }
        guard let claims = signer.claims(of: token), let id = claims["jti"]?.string.flatMap(Int.init),
            let expiry = claims["exp"]?.integer
        else { throw .invalid }
        guard now < expiry else { throw .expired }
        guard expiries.removeValue(forKey: id) != nil else { throw .used }
        return id
    }
}
