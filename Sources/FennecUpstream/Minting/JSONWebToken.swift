import GatewayCore

/// The one thing that is read from a JWT: when it expires. The signature is the vendor's business.
enum JSONWebToken {
    /// `exp` of a JWT in compact form (RFC 7519 §4.1.4), in whole seconds since the Unix epoch; `nil` for any other text.
    static func expiry(of token: String) -> Int64? {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64URL.decode(Substring(parts[1])),
            let claims = try? JSONValue(parsing: payload).object,
            let seconds = claims["exp"]?.number?.asDouble, (0..<Double(1 << 53)).contains(seconds)
        else { return nil }
        return Int64(seconds)
    }
}
