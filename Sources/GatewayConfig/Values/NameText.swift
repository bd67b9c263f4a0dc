import GatewayCore

/// Names that the operator gives to things; they become log fields.
enum NameText {
    /// 1 to 64 ASCII letters, digits, `.`, `_` and `-`.
    static func parse(_ text: String) throws(ValueError) -> String {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 })
        else { throw ValueError("expected a name of 1 to 64 letters, digits, dots, dashes and underscores") }
        return text
    }

    /// A pattern of such names: `*` for any run of letters, `?` for one.
    static func parseGlob(_ text: String) throws(ValueError) -> NameGlob {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || ".-_*?".utf8.contains($0) })
        else { throw ValueError("expected a name, or a pattern such as kiosk-*") }
        return NameGlob(text)
    }

    /// A pattern of names in certificates, which may hold more letters.
    static func parseCertificateGlob(_ text: String) throws(ValueError) -> NameGlob {
        guard (1...255).contains(text.utf8.count), text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
        else { throw ValueError("expected a name of 1 to 255 bytes, or a pattern such as *.devices.example.com") }
        return NameGlob(text)
    }
}
