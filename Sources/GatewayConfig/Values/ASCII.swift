/// Classes of bytes that the grammars of several values share.
enum ASCII {
    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 32) }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// A decimal number of at most `digits` digits, without sign or leading zeros.
    static func number(_ text: some StringProtocol, digits: Int) -> Int? {
        guard (1...digits).contains(text.utf8.count), text.utf8.allSatisfy(isDigit),
            text.utf8.count == 1 || text.utf8.first != 48
        else { return nil }
        return Int(text)
    }

    /// A TCP port.
    static func port(_ text: some StringProtocol) -> Int? {
        number(text, digits: 5).flatMap { $0 <= 65535 ? $0 : nil }
    }
}
