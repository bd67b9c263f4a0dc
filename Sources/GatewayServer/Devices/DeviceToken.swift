import GatewayCore

/// The tokens of devices: 256 random bits behind a prefix that tells them from every other credential.
package enum DeviceToken {
    /// Every token begins so.
    package static let prefix = "fgd_"
    /// What one looks like, for those who need one.
    package static let form = "fgd_ followed by 43 letters, digits, - and _"

    /// A new token.
    static func random() -> String { prefix + Base64URL.encode(Digest.random(32)) }

    /// Whether a text may be a token; what is much longer is not worth hashing. Imported ones may have been made
    /// elsewhere.
    static func isPlausible(_ text: String) -> Bool { text.utf8.count <= 256 }

    /// What is kept of a token: its SHA-256. A token is random, so nothing slower is needed.
    static func hash(_ token: String) -> [UInt8] { Digest.sha256(token.utf8) }
}
