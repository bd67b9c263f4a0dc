import NIOCore

extension WebSocketLeg {
    /// Starts the close handshake (RFC 6455 §7.1.2); nothing can be sent afterwards. `ended` follows in bounded time.
    package func close(code: UInt16?, reason: String = "") {
        guard phase == .open, context != nil else { return }
        sendClose(CloseFrame(code: code, reason: reason))
        enter(.closing)
    }

    /// Ends the connection at once, without a close frame. `ended` follows.
    package func abort() {
        guard let context, phase != .ended else { return }
        context.close(mode: .all, promise: nil)
    }

    func violated(_ violation: WebSocketViolation) {
        let wasOpen = phase == .open
        if wasOpen {
            owner?.willClose(for: violation, on: self)
            sendClose(CloseFrame(code: violation.closeCode, reason: violation.reason))
        }
        finish()
        tell(wasOpen ? .violated(violation) : .lost)
    }

    func peerClosed(_ payload: ByteBuffer) {
        switch CloseFrame.parse(payload) {
        case .failure(let violation): violated(violation)
        case .success(let frame):
            if phase == .open { sendClose(CloseFrame(code: frame.code)) }
            finish()
            tell(.closed(code: frame.code, reason: frame.reason))
        }
    }

    func connectionEnded() {
        guard phase != .ended else { return }
        phase = .ended
        closeTimer?.cancel()
        dropFrame()
        tell(.lost)
    }

    private func sendClose(_ frame: CloseFrame) {
        write(opcode: .close, payload: frame.payload)
        flush()
    }

    /// Sends the end of our stream and waits for the peer's: a connection that is closed with unread input is reset,
    /// and the reset can overtake our last frames.
    private func finish() {
        guard phase == .open || phase == .closing else { return }
        enter(.finishing)
        if role == .server { context?.close(mode: .output, promise: nil) }
    }

    private func enter(_ next: Phase) {
        phase = next
        dropFrame()
        // An endpoint still hears the message that is coming when it closes.
        if !isListening { message = ByteBuffer() }
        pendingPong = nil
        closeTimer?.cancel()
        closeTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: closeTimeout) { [weak self] in
            self?.abort()
        }
        // What still comes must be read to see the peer's close frame and end of stream.
        readWithheld()
    }

    private func dropFrame() {
        guard !frame.isEmpty else { return }
        frame.clear()
        sink?.droppedIncompleteFrame(from: self)
    }

    private func tell(_ end: WebSocketEnd) {
        sink = nil
        guard let owner else { return }
        self.owner = nil
        owner.ended(end, on: self)
    }
}

extension WebSocketViolation {
    /// A few words for the close frame's reason.
    package var reason: String {
        switch self {
        case .protocolError: "protocol_violation"
        case .invalidUTF8: "invalid_utf8"
        case .messageTooBig: "message_too_big"
        }
    }
}
