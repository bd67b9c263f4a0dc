package import NIOCore

/// One end of a WebSocket connection: frames in, frames out, close handshake. Lives in the channel's pipeline; all
/// methods belong on its event loop.
package final class WebSocketLeg: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    package let role: WebSocketRole
    /// Who is told; held until the leg has ended.
    package var owner: (any WebSocketOwner)?

    package init(role: WebSocketRole, limits: WebSocketLimits) {
        self.role = role
    }

    /// The event loop that everything here runs on.
    package var eventLoop: any EventLoop { preconditionFailure("stub") }
    /// Whether the outbound buffer is below its high mark.
    package var isWritable: Bool { true }
    /// Queues a text message; `flush` sends it.
    package func send(text: String) {}
    /// Queues a binary message; `flush` sends it.
    package func send(binary: ByteBuffer) {}
    /// Queues a ping; `flush` sends it.
    package func sendPing() {}
    /// Sends what is queued.
    package func flush() {}
    /// Starts the close handshake; nothing can be sent afterwards. `ended` follows, in bounded time.
    package func close(code: UInt16?, reason: String) {}
    /// Ends the connection at once, with a reset and no close frame.
    package func abort() {}
    /// Stops reading from the socket; the peer feels it as back-pressure.
    package func pauseReading() {}
    /// Goes on reading.
    package func resumeReading() {}
}
