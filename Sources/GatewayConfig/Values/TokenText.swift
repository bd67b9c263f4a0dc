import GatewayCore

/// What the configuration says about JWTs.
enum TokenText {
    /// `iss`, to the letter; most are URLs.
    static func issuer(_ text: String) throws(ValueError) -> String {
        guard isPlain(text), !text.contains("@") else {
            throw ValueError("expected the iss of its tokens, such as https://id.example.com, without blanks and @")
        }
        return text
    }

    static func audience(_ text: String) throws(ValueError) -> String {
        guard isPlain(text) else { throw ValueError("expected the aud of its tokens, 1 to 255 letters without blanks") }
        return text
    }

    /// The name of a claim, or the way to one through objects.
    static func claim(_ text: String) throws(ValueError) -> String {
        guard isPlain(text) else { throw ValueError("expected a claim such as sub, or realm_access.roles") }
        return text
    }

    /// A claim's value, or a pattern of such.
    static func value(_ text: String) throws(ValueError) -> NameGlob {
        guard (1...255).contains(text.utf8.count), text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
        else { throw ValueError("expected a value of 1 to 255 bytes, or a pattern such as team-*") }
        return NameGlob(text)
    }

    private static func isPlain(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
