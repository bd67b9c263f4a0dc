import NIOCore

extension WebSocketLeg {
    /// Takes bytes off the wire. A run of whole frames in one buffer goes on as one slice.
    func received(_ incoming: ByteBuffer) {
        var buffer = incoming
        if headBytes.readableBytes > 0 {
            var joined = headBytes
            headBytes = ByteBuffer()
            joined.writeBuffer(&buffer)
            buffer = joined
        }
        var runStart = buffer.readerIndex
        while buffer.readableBytes > 0 || isEmptyFrameAtHand, phase == .open || phase == .closing {
            let isStep: Bool
            switch reading {
            case .head: isStep = readHead(&buffer, runStart: &runStart)
            case .data(let header, let kind): isStep = readData(header, kind, &buffer, runStart: &runStart)
            case .control(let header):
                readControl(header, &buffer)
                runStart = buffer.readerIndex
                isStep = true
            }
            if !isStep { break }
        }
        forwardRun(of: buffer, from: runStart, upTo: frameStart(in: buffer))
        reportRun()
    }

    /// Where the frame at hand begins in the buffer, or the reader index between frames.
    private func frameStart(in buffer: ByteBuffer) -> Int {
        switch reading {
        case .head: buffer.readerIndex
        default: -1
        }
    }

    /// Whether messages are still heard: an endpoint's until the peer's close frame, a relaying leg's until its own.
    private var isListening: Bool { phase == .open || phase == .closing && sink == nil }

    private var isEmptyFrameAtHand: Bool {
        if case .head = reading { return false }
        return remaining == 0
    }

    /// Reads a frame's head; `false` when more bytes are needed or the leg ended.
    private func readHead(_ buffer: inout ByteBuffer, runStart: inout Int) -> Bool {
        switch buffer.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .incomplete:
            forwardRun(of: buffer, from: runStart, upTo: buffer.readerIndex)
            headBytes.writeBuffer(&buffer)
            runStart = buffer.readerIndex
            return false
        case .violation(let violation):
            forwardRun(of: buffer, from: runStart, upTo: buffer.readerIndex)
            violated(violation)
            return false
        case .head(let header, let length):
            return began(header, length: length, &buffer, runStart: &runStart)
        }
    }

    private func began(_ header: FrameHeader, length: Int, _ buffer: inout ByteBuffer, runStart: inout Int) -> Bool {
        remaining = header.payloadLength
        if header.opcode.isControl {
            forwardRun(of: buffer, from: runStart, upTo: buffer.readerIndex)
            buffer.moveReaderIndex(forwardBy: length)
            runStart = buffer.readerIndex
            control.clear()
            reading = .control(header)
            return true
        }
        switch rules.began(header) {
        case .failure(let violation):
            forwardRun(of: buffer, from: runStart, upTo: buffer.readerIndex)
            violated(violation)
            return false
        case .success(let kind):
            reading = .data(header, kind)
            // A frame that is not whole in this buffer is kept apart from the run, head included.
            if !relays(kind) || buffer.readableBytes - length < remaining {
                forwardRun(of: buffer, from: runStart, upTo: buffer.readerIndex)
                if relays(kind) {
                    frame.append(buffer.getSlice(at: buffer.readerIndex, length: length) ?? ByteBuffer())
                }
                runStart = buffer.readerIndex + length
            }
            buffer.moveReaderIndex(forwardBy: length)
            return true
        }
    }

    private func relays(_ kind: MessageRules.Open) -> Bool {
        sink != nil && (kind == .binary || relaysText) && phase == .open
    }

    private func readData(
        _ header: FrameHeader, _ kind: MessageRules.Open, _ buffer: inout ByteBuffer, runStart: inout Int
    ) -> Bool {
        let count = min(remaining, buffer.readableBytes)
        let offset = header.payloadLength - remaining
        let isWhole = offset == 0 && count == remaining && frame.isEmpty
        guard let piece = buffer.readSlice(length: count) else { return false }
        remaining -= count
        let isRelayed = relays(kind)
        guard take(piece, of: header, kind, offset: offset, isRelayed: isRelayed) else { return false }
        if isRelayed, !isWhole {
            frame.append(piece)
            runStart = buffer.readerIndex
        }
        guard remaining == 0 else { return true }
        reading = .head
        let isMessageEnd = rules.ended(header)
        if isRelayed {
            if !frame.isEmpty, let sink { frame.drain { sink.forward($0, from: self) } }
            tally(header)
        } else {
            runStart = buffer.readerIndex
        }
        if isMessageEnd, kind == .text || !isRelayed {
            forwardRun(of: buffer, from: runStart, upTo: buffer.readerIndex)
            runStart = buffer.readerIndex
            reportRun()
            messageEnded(kind, isRelayed: isRelayed)
        }
        return true
    }

    private func tally(_ header: FrameHeader) {
        run.frames += 1
        run.payloadBytes += header.payloadLength
        run.endsInsideMessage = !header.isFinal
        if header.isFinal { run.messages += 1 }
    }

    /// Unmasks, checks and keeps a piece of payload that somebody will read; `false` when the leg was violated.
    private func take(
        _ piece: ByteBuffer, of header: FrameHeader, _ kind: MessageRules.Open, offset: Int, isRelayed: Bool
    ) -> Bool {
        guard isListening, piece.readableBytes > 0, kind == .text || !isRelayed else { return true }
        if isRelayed, message.readableBytes + piece.readableBytes > limits.maxReportedTextBytes {
            isTooBigToReport = true
            message = ByteBuffer()
        }
        let isKept = !isTooBigToReport
        let start = message.readableBytes
        if isKept { message.writeImmutableBuffer(piece) }
        if isKept, let key = header.maskKey {
            message.withUnsafeMutableReadableBytes {
                FrameMask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]), offset: offset)
            }
        }
        guard kind == .text else { return true }
        let isValid =
            isKept
            ? message.withUnsafeReadableBytes {
                utf8.accept(UnsafeRawBufferPointer(rebasing: $0[start...]))
            } : piece.withUnsafeReadableBytes { utf8.accept($0) }
        if !isValid { violated(.invalidUTF8) }
        return isValid
    }

    private func messageEnded(_ kind: MessageRules.Open, isRelayed: Bool) {
        let whole = message
        let isReported = !isTooBigToReport
        message = ByteBuffer()
        isTooBigToReport = false
        guard isListening else { return }
        guard kind == .text else {
            owner?.received(binary: whole, on: self)
            return
        }
        let isValid = utf8.isAtBoundary
        utf8 = UTF8Validator()
        guard isValid else { return violated(.invalidUTF8) }
        if isReported { owner?.received(text: whole, on: self) }
    }

    /// Hands the whole frames between `start` and `end` to the sink as one slice.
    private func forwardRun(of buffer: ByteBuffer, from start: Int, upTo end: Int) {
        var whole = buffer
        whole.moveReaderIndex(to: 0)
        guard end > start, phase == .open, let sink, let slice = whole.getSlice(at: start, length: end - start) else {
            return
        }
        sink.forward(slice, from: self)
    }

    private func reportRun() {
        guard run.frames > 0 else { return }
        let report = run
        run = FrameRun()
        sink?.forwarded(report, from: self)
    }

    private func readControl(_ header: FrameHeader, _ buffer: inout ByteBuffer) {
        let count = min(remaining, buffer.readableBytes)
        let offset = header.payloadLength - remaining
        guard var piece = buffer.readSlice(length: count) else { return }
        remaining -= count
        if let key = header.maskKey {
            piece.withUnsafeMutableReadableBytes { FrameMask.apply(key, to: $0, offset: offset) }
        }
        control.writeBuffer(&piece)
        guard remaining == 0 else { return }
        reading = .head
        reportRun()
        switch header.opcode {
        case .ping: answerPing(control)
        case .close: peerClosed(control)
        default: break
        }
    }
}
