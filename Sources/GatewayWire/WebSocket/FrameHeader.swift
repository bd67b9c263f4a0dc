/// What a frame carries (RFC 6455 §5.2).
package enum FrameOpcode: UInt8, Sendable, Equatable {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Whether the frame may stand between the fragments of a message.
    package var isControl: Bool { rawValue & 8 != 0 }
}

/// The head of one frame (RFC 6455 §5.2).
package struct FrameHeader: Sendable, Equatable {
    package var isFinal: Bool
    package var opcode: FrameOpcode
    /// The masking key, its first byte on the wire the least significant; `nil` for an unmasked frame.
    package var maskKey: UInt32?
    /// Bytes of payload that follow the head.
    package var payloadLength: Int

    package init(isFinal: Bool = true, opcode: FrameOpcode, maskKey: UInt32? = nil, payloadLength: Int) {
        self.isFinal = isFinal
        self.opcode = opcode
        self.maskKey = maskKey
        self.payloadLength = payloadLength
    }

    /// Bytes that the head takes on the wire: 2 to 14.
    package var encodedLength: Int {
        let length = payloadLength < 126 ? 2 : payloadLength <= 0xFFFF ? 4 : 10
        return maskKey == nil ? length : length + 4
    }
}
