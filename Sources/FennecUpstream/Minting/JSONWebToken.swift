import GatewayCore

/// The one thing that is read from a JWT: when it expires. The signature is the vendor's business.
enum JSONWebToken {
    /// `exp` of a JWT in compact form (RFC 7519 §4.1.4), in whole seconds since the Unix epoch; `nil` for any other text.
    static func expiry(of token: String) -> Int64? {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = base64URLDecoded(parts[1]),
            let claims = try? JSONValue(parsing: payload).object,
            let seconds = claims["exp"]?.number?.asDouble, (0..<Double(1 << 53)).contains(seconds)
        else { return nil }
        return Int64(seconds)
    }

    /// Base64url without padding (RFC 7515 §2).
    private static func base64URLDecoded(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var held: UInt32 = 0
        var bits = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            held = held << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) - 48 + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
