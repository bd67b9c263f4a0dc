import NIOCore

// A relayed binary frame costs no allocation of ours and no copy: its head is read where it lies, and it leaves as a
// slice that shares the receive buffer, together with its neighbours of the same read. Only a frame that came in
// pieces is kept in `frame`, whose array keeps its capacity, and only text and control payloads are ever unmasked.

extension WebSocketLeg {
    /// The bytes of one read.
    struct Inbound {
        var bytes: ByteBuffer
        /// Where the whole frames begin that are still to be handed to the sink; they end at the reader index.
        var runStart: Int

        init(_ bytes: ByteBuffer) {
            self.bytes = bytes
            runStart = bytes.readerIndex
        }

        /// Takes bytes that do not belong to a run.
        mutating func take(_ count: Int) -> ByteBuffer {
            let piece = bytes.readSlice(length: count) ?? ByteBuffer()
            runStart = bytes.readerIndex
            return piece
        }
    }

    /// Takes bytes off the wire.
    func received(_ incoming: ByteBuffer) {
        var input = Inbound(incoming)
        while isReceiving, readStep(&input) {}
        settle(&input)
    }

    /// Whether frames are still looked at.
    private var isReceiving: Bool { phase == .open || phase == .closing }

    /// Whether messages are still heard: an endpoint's until the peer's close frame, a relaying leg's until its own.
    var isListening: Bool { phase == .open || phase == .closing && sink == nil }

    /// Reads a head, or what there is of a payload; `false` when more bytes are needed or the leg was violated.
    private func readStep(_ input: inout Inbound) -> Bool {
        switch reading {
        case .head: headBytes.readableBytes > 0 ? completeHead(&input) : readHead(&input)
        case .data(let header): readData(header, &input)
        case .control(let header): readControl(header, &input)
        }
    }

    private func readHead(_ input: inout Inbound) -> Bool {
        switch input.bytes.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .incomplete:
            guard input.bytes.readableBytes > 0 else { return false }
            handOn(&input)
            headBytes.writeImmutableBuffer(input.take(input.bytes.readableBytes))
            return false
        case .violation(let violation):
            return refuse(violation, &input)
        case .head(let header, let length):
            guard admit(header, &input) else { return false }
            let isWhole = input.bytes.readableBytes - length >= header.payloadLength
            if !header.opcode.isControl, isMessageRelayed, isWhole {
                return relayWhole(header, headLength: length, &input)
            }
            handOn(&input)
            begin(header, head: input.take(length))
            return true
        }
    }

    /// Goes on with a head of which an earlier read brought the beginning.
    private func completeHead(_ input: inout Inbound) -> Bool {
        let known = headBytes.readableBytes
        let more = min(FrameScanner.longestHead - known, input.bytes.readableBytes)
        guard more > 0, let piece = input.bytes.getSlice(at: input.bytes.readerIndex, length: more) else {
            return false
        }
        headBytes.writeImmutableBuffer(piece)
        switch headBytes.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .incomplete:
            _ = input.take(more)
            return false
        case .violation(let violation):
            return refuse(violation, &input)
        case .head(let header, let length):
            guard admit(header, &input) else { return false }
            _ = input.take(length - known)
            let head = headBytes.getSlice(at: headBytes.readerIndex, length: length) ?? ByteBuffer()
            headBytes = ByteBuffer()
            begin(header, head: head)
            return true
        }
    }

    /// Applies the rules of messages to a head.
    private func admit(_ header: FrameHeader, _ input: inout Inbound) -> Bool {
        if header.opcode.isControl { return true }
        if let violation = rules.began(header) { return refuse(violation, &input) }
        if header.opcode != .continuation {
            // Decided once for a message: a sink set later must not get its second half.
            isMessageRelayed = phase == .open && sink != nil && (rules.open == .binary || relaysText)
        }
        return true
    }

    /// Begins a frame that is not part of a run.
    private func begin(_ header: FrameHeader, head: ByteBuffer) {
        remaining = header.payloadLength
        if header.opcode.isControl {
            control.clear()
            reading = .control(header)
        } else {
            if isMessageRelayed, phase == .open { frame.append(head) }
            reading = .data(header)
        }
    }

    /// Adds a whole frame to the run.
    private func relayWhole(_ header: FrameHeader, headLength: Int, _ input: inout Inbound) -> Bool {
        let start = input.bytes.readerIndex
        if rules.open == .text, phase == .open,
            let payload = input.bytes.getSlice(at: start + headLength, length: header.payloadLength),
            !keep(payload, of: header, offset: 0)
        {
            return refuse(.invalidUTF8, &input)
        }
        guard admits(header) else {
            handOn(&input)
            _ = input.take(headLength + header.payloadLength)
            return dropFrame(header, &input)
        }
        input.bytes.moveReaderIndex(forwardBy: headLength + header.payloadLength)
        if phase == .open { run.count(header) }
        return endFrame(header, &input)
    }

    /// Whether the frame at hand may go to the sink.
    private func admits(_ header: FrameHeader) -> Bool {
        guard phase == .open, rules.open == .binary, let sink else { return true }
        return sink.admits(header.payloadLength, from: self)
    }

    /// Ends a frame that was not handed on, and says so once everything before it has been.
    private func dropFrame(_ header: FrameHeader, _ input: inout Inbound) -> Bool {
        settle(&input)
        sink?.refusedFrame(from: self)
        return endFrame(header, &input)
    }

    private func readData(_ header: FrameHeader, _ input: inout Inbound) -> Bool {
        guard remaining == 0 || input.bytes.readableBytes > 0 else { return false }
        let offset = header.payloadLength - remaining
        let piece = input.take(min(remaining, input.bytes.readableBytes))
        remaining -= piece.readableBytes
        let isKept = isMessageRelayed ? phase == .open && rules.open == .text : isListening
        if isKept, !keep(piece, of: header, offset: offset) { return refuse(.invalidUTF8, &input) }
        if isMessageRelayed, phase == .open { frame.append(piece) }
        guard remaining == 0 else { return false }
        reading = .head
        if !frame.isEmpty {
            guard admits(header) else {
                frame.recycle(frame.take())
                return dropFrame(header, &input)
            }
            run.count(header)
            let slices = frame.take()
            for slice in slices { sink?.forward(slice, from: self) }
            frame.recycle(slices)
        }
        return endFrame(header, &input)
    }

    private func endFrame(_ header: FrameHeader, _ input: inout Inbound) -> Bool {
        let kind = rules.open
        guard rules.ended(header) else { return true }
        if kind == .text || !isMessageRelayed {
            settle(&input)
            messageEnded(kind)
        }
        return true
    }

    private func readControl(_ header: FrameHeader, _ input: inout Inbound) -> Bool {
        guard remaining == 0 || input.bytes.readableBytes > 0 else { return false }
        let offset = header.payloadLength - remaining
        var piece = input.take(min(remaining, input.bytes.readableBytes))
        remaining -= piece.readableBytes
        if let key = header.maskKey {
            piece.withUnsafeMutableReadableBytes { FrameMask.apply(key, to: $0, offset: offset) }
        }
        control.writeBuffer(&piece)
        guard remaining == 0 else { return false }
        reading = .head
        settle(&input)
        switch header.opcode {
        case .ping: answerPing(control)
        case .close: peerClosed(control)
        default: break
        }
        return true
    }

    /// Ends the leg for a violation, after what came before it has been handed on; always `false`.
    private func refuse(_ violation: WebSocketViolation, _ input: inout Inbound) -> Bool {
        settle(&input)
        violated(violation)
        return false
    }

    /// Hands the run to the sink as one slice.
    private func handOn(_ input: inout Inbound) {
        let (start, end) = (input.runStart, input.bytes.readerIndex)
        input.runStart = end
        guard end > start, phase == .open, let sink else { return }
        // The run lies behind the reader index, where `getSlice` does not look.
        var whole = input.bytes
        whole.moveReaderIndex(to: start)
        if let slice = whole.readSlice(length: end - start) { sink.forward(slice, from: self) }
    }

    /// Hands the run on and reports it, so that the sink knows everything that came before what happens next.
    private func settle(_ input: inout Inbound) {
        handOn(&input)
        guard run.frames > 0 else { return }
        let report = run
        run = FrameRun()
        sink?.forwarded(report, from: self)
    }
}
