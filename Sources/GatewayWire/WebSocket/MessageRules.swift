/// What may follow what in a stream of frames (RFC 6455 §5.4), and how large a message may grow.
package struct MessageRules: Sendable {
    /// The message whose fragments are coming.
    package enum Open: Sendable, Equatable {
        case nothing, text, binary
    }

    /// The kind of the message that the data frame at hand belongs to; `nothing` between messages.
    package private(set) var open: Open = .nothing
    private var messageBytes = 0
    private let limits: WebSocketLimits

    package init(limits: WebSocketLimits) {
        self.limits = limits
    }

    /// Takes the head of the next data frame; what is wrong with it, if anything.
    package mutating func began(_ header: FrameHeader) -> WebSocketViolation? {
        switch (header.opcode, open) {
        case (.continuation, .nothing): return .protocolError("continuation without a message")
        case (.continuation, _): break
        case (.text, .nothing): (open, messageBytes) = (.text, 0)
        case (.binary, .nothing): (open, messageBytes) = (.binary, 0)
        default: return .protocolError("new message inside a fragmented one")
        }
        let limit = open == .text ? limits.maxTextMessageBytes : limits.maxBinaryMessageBytes
        guard header.payloadLength <= limit - messageBytes else { return .messageTooBig }
        messageBytes += header.payloadLength
        return nil
    }

    /// Takes the end of that frame; `true` when the message ended with it.
    package mutating func ended(_ header: FrameHeader) -> Bool {
        if header.isFinal { open = .nothing }
        return header.isFinal
    }
}
