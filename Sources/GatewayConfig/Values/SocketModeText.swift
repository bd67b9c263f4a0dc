import GatewayCore

/// The permission bits of a unix socket.
enum SocketModeText {
    /// Three octal digits, with a leading zero or without; the owner must be able to connect.
    static func parse(_ text: String) throws(ValueError) -> UInt32 {
        let digits = text.utf8.count == 4 && text.hasPrefix("0") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (48...55).contains($0) }),
            let mode = UInt32(digits, radix: 8)
        else { throw ValueError("expected permission bits such as 0660") }
        guard mode & 0o600 == 0o600 else { throw ValueError("the gateway's own user must be able to connect: 0600") }
        return mode
    }
}
