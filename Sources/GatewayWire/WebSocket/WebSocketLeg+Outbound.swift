package import NIOCore

extension WebSocketLeg {
    /// Queues a text message; `flush` sends it.
    package func send(text: String) {
        send(opcode: .text, ByteBuffer(string: text))
    }

    /// Queues a text message that is UTF-8 already; `flush` sends it.
    package func send(text: ByteBuffer) {
        send(opcode: .text, text)
    }

    /// Queues a binary message; `flush` sends it.
    package func send(binary: ByteBuffer) {
        send(opcode: .binary, binary)
    }

    /// Queues a ping; `flush` sends it.
    package func sendPing() {
        send(opcode: .ping, ByteBuffer())
    }

    /// Queues the empty last fragment of a message that will not go on.
    package func sendFinalContinuation() {
        send(opcode: .continuation, ByteBuffer())
    }

    /// Queues frames that are encoded already, masked as this role demands.
    package func send(wireBytes: ByteBuffer) {
        guard phase == .open, let context else { return }
        isFlushNeeded = true
        context.write(wrapOutboundOut(wireBytes), promise: nil)
    }

    /// Sends what is queued.
    package func flush() {
        guard isFlushNeeded else { return }
        isFlushNeeded = false
        context?.flush()
    }

    private func send(opcode: FrameOpcode, _ payload: ByteBuffer) {
        guard phase == .open else { return }
        write(opcode: opcode, payload: payload)
    }

    func write(opcode: FrameOpcode, payload: ByteBuffer) {
        guard let context else { return }
        isFlushNeeded = true
        let key = role == .client ? UInt32.random(in: .min ... .max) : nil
        context.write(wrapOutboundOut(Self.encode(opcode: opcode, payload: payload, maskKey: key)), promise: nil)
    }

    /// One whole frame with its FIN bit set (RFC 6455 §5.2); masked when there is a key.
    package static func encode(opcode: FrameOpcode, payload: ByteBuffer, maskKey: UInt32?) -> ByteBuffer {
        encode(FrameHeader(opcode: opcode, maskKey: maskKey, payloadLength: payload.readableBytes), payload: payload)
    }

    /// One whole frame; `payload` is unmasked and as long as the head says.
    package static func encode(_ header: FrameHeader, payload: ByteBuffer) -> ByteBuffer {
        let length = payload.readableBytes
        var buffer = ByteBufferAllocator().buffer(capacity: header.encodedLength + length)
        buffer.writeInteger(header.opcode.rawValue | (header.isFinal ? 0x80 : 0))
        let maskBit: UInt8 = header.maskKey == nil ? 0 : 0x80
        switch length {
        case ..<126: buffer.writeInteger(UInt8(length) | maskBit)
        case ...0xFFFF:
            buffer.writeInteger(126 | maskBit)
            buffer.writeInteger(UInt16(length))
        default:
            buffer.writeInteger(127 | maskBit)
            buffer.writeInteger(UInt64(length))
        }
        if let key = header.maskKey { buffer.writeInteger(key, endianness: .little) }
        buffer.writeImmutableBuffer(payload)
        if let key = header.maskKey {
            buffer.withUnsafeMutableReadableBytes {
                FrameMask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[header.encodedLength...]))
            }
        }
        return buffer
    }

    func answerPing(_ payload: ByteBuffer) {
        guard phase == .open else { return }
        if isWritable {
            write(opcode: .pong, payload: payload)
        } else {
            pendingPong = payload
        }
    }
}
