package import NIOCore

/// Whoever a leg reports to. Every call comes on the leg's event loop.
package protocol WebSocketOwner: AnyObject {
    /// A whole text message: unmasked, joined, valid UTF-8.
    func received(text: ByteBuffer, on leg: WebSocketLeg)
    /// A whole binary message, unmasked and joined. Not called for frames that a relaying leg passes on by itself.
    func received(binary: ByteBuffer, on leg: WebSocketLeg)
    /// The leg ended; called exactly once, nothing follows. When the peer sent a close frame, the answer has been sent.
    func ended(_ end: WebSocketEnd, on leg: WebSocketLeg)
    /// The peer broke the protocol and is about to be sent our close frame: the last chance to `send` it a message.
    func willClose(for violation: WebSocketViolation, on leg: WebSocketLeg)
    /// The leg's outbound buffer went over its high mark (`false`) or drained again (`true`).
    func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg)
}

extension WebSocketOwner {
    package func willClose(for violation: WebSocketViolation, on leg: WebSocketLeg) {}
    package func writabilityChanged(_ isWritable: Bool, on leg: WebSocketLeg) {}
}

/// How a leg ended, as seen by its owner.
package enum WebSocketEnd: Sendable, Equatable {
    /// The peer sent a close frame; `code` is `nil` when it carried none (RFC 6455 §7.1.5).
    case closed(code: UInt16?, reason: String)
    /// The connection ended without a close frame (1006 in the RFC's terms).
    case lost
    /// The peer broke the protocol; our close frame with the violation's code has been sent.
    case violated(WebSocketViolation)
}

/// What a peer did that the protocol forbids.
package enum WebSocketViolation: Error, Sendable, Equatable {
    /// RFC 6455 §5: masking, reserved bits, opcodes, fragmentation, control frames, lengths, close payloads.
    case protocolError(String)
    /// RFC 6455 §8.1.
    case invalidUTF8
    /// A message above the leg's limits.
    case messageTooBig

    /// The close code that answers it (RFC 6455 §7.4.1).
    package var closeCode: UInt16 {
        switch self {
        case .protocolError: 1002
        case .invalidUTF8: 1007
        case .messageTooBig: 1009
        }
    }
}

/// Which end of the connection a leg is: it decides who masks (RFC 6455 §5.1).
package enum WebSocketRole: Sendable, Equatable {
    case client, server
}
