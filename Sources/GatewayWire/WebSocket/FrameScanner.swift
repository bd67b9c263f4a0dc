/// Parses frame heads and nothing else, strictly (RFC 6455 §5.2, §5.5). It holds no bytes: the caller offers those
/// that it has, from the start of a frame.
package struct FrameScanner: Sendable {
    /// The longest head: two bytes, an eight-byte length, a mask.
    package static let longestHead = 14

    /// What the offered bytes hold.
    package enum Result: Sendable, Equatable {
        /// Not a whole head yet.
        case incomplete
        /// A head of this many bytes.
        case head(FrameHeader, length: Int)
        /// Not a frame that may stand here.
        case violation(WebSocketViolation)
    }

    /// Whether frames must be masked, as those of a client must, or must not be (RFC 6455 §5.1).
    package let expectsMask: Bool

    package init(expectsMask: Bool) {
        self.expectsMask = expectsMask
    }

    /// Reads a head from the first bytes of `bytes`. A violation is reported as soon as the bytes show it.
    @inlinable
    package func scan(_ bytes: UnsafeRawBufferPointer) -> Result {
        guard bytes.count >= 2 else {
            if bytes.count == 1, let violation = Self.check(first: bytes[0]) { return .violation(violation) }
            return .incomplete
        }
        if let violation = Self.check(first: bytes[0]) { return .violation(violation) }
        guard let opcode = FrameOpcode(rawValue: bytes[0] & 0x0F) else {
            return .violation(.protocolError("reserved opcode"))
        }
        let isFinal = bytes[0] & 0x80 != 0
        let isMasked = bytes[1] & 0x80 != 0
        let short = Int(bytes[1] & 0x7F)
        if isMasked != expectsMask {
            return .violation(.protocolError(expectsMask ? "unmasked frame" : "masked frame"))
        }
        if opcode.isControl {
            if !isFinal { return .violation(.protocolError("fragmented control frame")) }
            if short > 125 { return .violation(.protocolError("control frame above 125 bytes")) }
        }
        let lengthBytes = short < 126 ? 0 : short == 126 ? 2 : 8
        let headLength = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard bytes.count >= 2 + lengthBytes else { return .incomplete }
        var length = UInt64(short)
        if lengthBytes > 0 {
            length = 0
            for index in 2..<2 + lengthBytes { length = length << 8 | UInt64(bytes[index]) }
            if length < (lengthBytes == 2 ? 126 : 65536) {
                return .violation(.protocolError("length not in its shortest form"))
            }
            if length > UInt64(Int.max) { return .violation(.protocolError("length with its highest bit set")) }
        }
        guard bytes.count >= headLength else { return .incomplete }
        let key = isMasked ? bytes.loadUnaligned(fromByteOffset: 2 + lengthBytes, as: UInt32.self) : nil
        let header = FrameHeader(
            isFinal: isFinal, opcode: opcode, maskKey: key.map(UInt32.init(littleEndian:)), payloadLength: Int(length))
        return .head(header, length: headLength)
    }

    @inlinable
    static func check(first byte: UInt8) -> WebSocketViolation? {
        if byte & 0x70 != 0 { return .protocolError("reserved bits set") }
        if FrameOpcode(rawValue: byte & 0x0F) == nil { return .protocolError("reserved opcode") }
        return nil
    }
}
