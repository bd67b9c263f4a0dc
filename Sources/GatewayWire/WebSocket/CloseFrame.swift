package import NIOCore

/// The payload of a close frame (RFC 6455 §5.5.1, §7.4).
package struct CloseFrame: Sendable, Equatable {
    /// `nil` when the frame is empty.
    package var code: UInt16?
    package var reason: String

    package init(code: UInt16?, reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// Whether `code` may stand on the wire: 1000 to 1003, 1007 to 1014, 3000 to 4999 (RFC 6455 §7.4, IANA registry).
    package static func mayStandOnTheWire(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Reads the unmasked payload of a close frame.
    package static func parse(_ payload: ByteBuffer) -> Result<CloseFrame, WebSocketViolation> {
        var payload = payload
        if payload.readableBytes == 0 { return .success(CloseFrame(code: nil)) }
        guard let code = payload.readInteger(as: UInt16.self) else {
            return .failure(.protocolError("close frame of one byte"))
        }
        guard mayStandOnTheWire(code) else { return .failure(.protocolError("close code that may not be sent")) }
        var validator = UTF8Validator()
        guard payload.withUnsafeReadableBytes({ validator.accept($0) }), validator.isAtBoundary else {
            return .failure(.invalidUTF8)
        }
        return .success(CloseFrame(code: code, reason: String(buffer: payload)))
    }

    /// The payload, with the reason cut to 123 bytes at a character's boundary; empty without a code, and for a code
    /// that may not stand on the wire.
    package var payload: ByteBuffer {
        guard let code, Self.mayStandOnTheWire(code) else { return ByteBuffer() }
        var buffer = ByteBuffer(integer: code)
        var room = 123
        for character in reason {
            room -= character.utf8.count
            if room < 0 { break }
            buffer.writeString(String(character))
        }
        return buffer
    }
}
