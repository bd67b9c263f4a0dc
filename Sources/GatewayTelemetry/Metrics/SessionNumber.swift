/// Sessions are named by numbers of 64 bits.
package enum SessionNumber {
    /// Sixteen hexadecimal digits.
    package static func text(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
