import NIOCore

extension WebSocketLeg {
    /// Unmasks and keeps a piece of payload that the owner will see, and checks text; `false` when it is not UTF-8, or
    /// ends the message inside a character.
    func keep(_ piece: ByteBuffer, of header: FrameHeader, offset: Int) -> Bool {
        let isLast = header.isFinal && offset + piece.readableBytes == header.payloadLength
        guard piece.readableBytes > 0 else { return !isLast || utf8.isAtBoundary }
        if isMessageRelayed, message.readableBytes + piece.readableBytes > limits.maxReportedTextBytes {
            isTooBigToReport = true
        }
        // What is too big to report is still checked, piece by piece.
        if isTooBigToReport { message.clear() }
        let start = message.readableBytes
        message.writeImmutableBuffer(piece)
        if let key = header.maskKey {
            message.withUnsafeMutableReadableBytes {
                FrameMask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]), offset: offset)
            }
        }
        guard rules.open == .text else { return true }
        return message.withUnsafeReadableBytes { utf8.accept(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            && (!isLast || utf8.isAtBoundary)
    }

    /// Tells the owner of a whole message.
    func messageEnded(_ kind: MessageRules.Open) {
        let whole = message
        let isReported = !isTooBigToReport && isListening
        message = ByteBuffer()
        isTooBigToReport = false
        utf8 = UTF8Validator()
        guard isReported else { return }
        if kind == .text { owner?.received(text: whole, on: self) } else { owner?.received(binary: whole, on: self) }
    }
}
