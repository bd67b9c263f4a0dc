/// What a rule wants of a client's JWT; a pattern that speaks of nothing means every token that is good.
package struct TokenPattern: Sendable, Equatable, CustomStringConvertible {
    /// A claim and the values that will do, as patterns of their texts.
    package struct Claim: Sendable, Hashable {
        package var name: String
        package var values: [NameGlob]

        package init(_ name: String, _ values: [NameGlob]) {
            self.name = name
            self.values = values
        }
    }

    package var issuers: [String]?
    package var audiences: [String]?
    /// All of them must hold.
    package var claims: [Claim]

    package init(issuers: [String]? = nil, audiences: [String]? = nil, claims: [Claim] = []) {
        self.issuers = issuers
        self.audiences = audiences
        self.claims = claims
    }

    /// Whether the token is meant.
    package func matches(_ token: VerifiedToken) -> Bool {
        if let issuers, !issuers.contains(token.issuer) { return false }
        if let audiences, !token.audiences.contains(where: audiences.contains) { return false }
        return claims.allSatisfy { claim in
            Self.texts(token.claims.member(claim.name)).contains { text in
                claim.values.contains { $0.matches(text) }
            }
        }
    }

    /// Whether surely every token that `other` means is meant by this one.
    package func covers(_ other: TokenPattern) -> Bool {
        Self.covers(issuers, other.issuers) && Self.covers(audiences, other.audiences)
            && claims.allSatisfy { mine in
                other.claims.contains { theirs in
                    theirs.name == mine.name
                        && theirs.values.allSatisfy { value in mine.values.contains { $0.covers(value) } }
                }
            }
    }

    private static func covers(_ mine: [String]?, _ theirs: [String]?) -> Bool {
        guard let mine else { return true }
        return theirs.map { Set(mine).isSuperset(of: $0) } ?? false
    }

    /// A text, number or boolean, or those of an array.
    private static func texts(_ value: JSONValue?) -> [String] {
        if case .array(let elements)? = value { return elements.compactMap(text) }
        return value.flatMap(text).map { [$0] } ?? []
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let value): value ? "true" : "false"
        case .object, .array, .null: nil
        }
    }

    /// As people read it.
    package var description: String {
        let parts =
            [
                issuers.map { "of \($0.joined(separator: " or "))" },
                audiences.map { "for \($0.joined(separator: " or "))" },
            ].compactMap(\.self)
            + claims.map { "\($0.name) \($0.values.map(\.description).joined(separator: " or "))" }
        return parts.isEmpty ? "any" : parts.joined(separator: ", ")
    }
}
