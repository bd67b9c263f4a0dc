import COpenSSL
package import GatewayCore
import Synchronization

/// Pseudonyms of addresses: the first 64 bits of an HMAC-SHA-256 with a random key that lives for one day (UTC), in
/// memory alone. They link the sessions of one address within a day and one run of the program.
package final class AddressPseudonyms: Sendable {
    private struct Key {
        var day: Int
        var bytes: [UInt8]
    }

    private let key = Mutex(Key(day: .min, bytes: []))

    package init() {}

    /// What stands for the address.
    /// - Parameter time: In ms since 1970 (UTC).
    package func pseudonym(of address: IPAddress, at time: Int64) -> String {
        let day = Int(time / 86_400_000)
        let key = key.withLock { key in
            if key.day != day { key = Key(day: day, bytes: Self.randomBytes()) }
            return key.bytes
        }
        return Self.hexadecimal(Self.authenticationCode(of: Array("\(address)".utf8), key: key).prefix(8))
    }

    private static func randomBytes() -> [UInt8] {
        (0..<4).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } }
    }

    private static func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length)
        return code
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
