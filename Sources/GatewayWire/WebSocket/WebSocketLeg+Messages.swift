import NIOCore

extension WebSocketLeg {
    /// Unmasks and keeps a piece of payload that the owner will see, and checks text; `false` when it is not UTF-8.
    func keep(_ piece: ByteBuffer, of header: FrameHeader, offset: Int) -> Bool {
        guard piece.readableBytes > 0 else { return true }
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
    }

    /// Tells the owner of a whole message; `false` when its text ended inside a character.
    func messageEnded(_ kind: MessageRules.Open) -> Bool {
        let whole = message
        let isReported = !isTooBigToReport && isListening
        let isComplete = utf8.isAtBoundary
        message = ByteBuffer()
        isTooBigToReport = false
        utf8 = UTF8Validator()
        guard kind == .text else {
            if isReported { owner?.received(binary: whole, on: self) }
            return true
        }
        if !isComplete, isListening {
            violated(.invalidUTF8)
            return false
        }
        if isReported { owner?.received(text: whole, on: self) }
        return true
    }
}
