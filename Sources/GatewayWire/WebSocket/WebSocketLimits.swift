package import NIOCore

/// Bounds of one WebSocket leg.
package struct WebSocketLimits: Sendable, Equatable {
    /// Largest binary message, in bytes over all its fragments.
    package var maxBinaryMessageBytes: Int = 4 << 20
    /// Largest text message, in bytes over all its fragments.
    package var maxTextMessageBytes: Int = 64 << 10
    /// Largest text message that a relaying leg also reports to its owner, in bytes; larger ones only travel.
    package var maxReportedTextBytes: Int = 256 << 10
    /// From our close frame to the peer's, then to the end of the connection.
    package var closeTimeout: TimeAmount = .seconds(5)

    package init() {}
}
