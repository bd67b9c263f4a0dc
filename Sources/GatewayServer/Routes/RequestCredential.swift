import GatewayCore
import GatewayWire
import NIOHTTP1

/// The credential that a request carries. Kinds differ by form alone; what has the form of none is no credential and
/// is not looked at any further: it may be somebody's key.
enum RequestCredential: Equatable {
    case none
    case device(String)
    case ticket(String)
    /// A JWT.
    case token(String)
    /// More than one, or one that is badly carried; in words.
    case malformed(String)

    /// The subprotocol that this gateway speaks; browsers offer it beside their credential.
    static let subprotocol = "fennec.v1"

    /// Looks in the query, the headers and the offered subprotocols.
    /// - Parameter takesTokens: Whether there are issuers of JWTs; otherwise one is no credential.
    static func of(_ request: HTTPRequestInfo, takesTokens: Bool = false) -> RequestCredential {
        let query = QueryItems(request.query)
        if query.contains("api_key") { return .malformed("Credentials never stand in the query; api_key is not used.") }
        let offers = request.headers[canonicalForm: "Sec-WebSocket-Protocol"].map(String.init)
        let bearers = offers.filter { $0.hasPrefix("bearer.") }
        if !bearers.isEmpty, !offers.contains(subprotocol) {
            return .malformed("Offer the subprotocol \(subprotocol) beside bearer.")
        }
        // This place is for tickets alone: whatever stands there claims to be one, what is no text at all too.
        let claimed = query.items(of: "streaming_token").map { $0 ?? "?" }.filter { !$0.isEmpty }
        if claimed.contains(where: { $0.hasPrefix(DeviceToken.prefix) }) {
            return .malformed("A device token never stands in a URL, where logs keep it: send it in a header.")
        }
        if takesTokens, claimed.contains(where: SignedToken.hasForm) {
            return .malformed("A JWT never stands in a URL, where logs keep it: send it in a header.")
        }
        var found: [String] = []
        for bearer in bearers {
            let encoded = bearer.dropFirst("bearer.".count)
            if takesTokens, SignedToken.hasForm(encoded) {
                found.append(String(encoded))
                continue
            }
            found.append(Base64URL.decode(encoded).flatMap { String(validating: $0, as: UTF8.self) } ?? "")
        }
        found += request.headers["X-API-Key"]
        found += request.headers["Authorization"].compactMap(bearer)
        let credentials = claimed.map(RequestCredential.ticket) + found.compactMap { kind(of: $0, takesTokens) }
        guard credentials.count <= 1 else { return .malformed("Send one credential, in one place.") }
        return credentials.first ?? .none
    }

    /// What stands behind the scheme and its blanks (RFC 9110 §11.4); `nil` for another scheme.
    static func bearer(_ header: String) -> String? {
        header.lowercased().hasPrefix("bearer ") ? String(header.dropFirst(7).drop { $0 == " " }) : nil
    }

    private static func kind(of text: String, _ takesTokens: Bool) -> RequestCredential? {
        if text.hasPrefix(Ticket.prefix) { return .ticket(text) }
        if takesTokens, SignedToken.hasForm(text) { return .token(text) }
        return text.hasPrefix(DeviceToken.prefix) ? .device(text) : nil
    }
}
