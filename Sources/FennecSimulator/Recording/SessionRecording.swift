package import NIOCore

/// What one connection brought, as far as it has come.
package struct SessionRecording: Sendable {
    /// Counts accepted connections from 1.
    package var number: Int
    /// The number of the token it came with, counted from 1 in the order of minting.
    package var token: Int
    /// Path and query of the handshake as received, token included.
    package var target: String
    /// Header fields of the handshake as received.
    package var headers: [(name: String, value: String)]
    /// The first text message when it was a valid `start`, byte for byte.
    package var start: ByteBuffer?
    /// Every text message, in order, the `start` included.
    package var texts: [String] = []
    /// Binary messages received.
    package var audioMessages = 0
    /// Bytes in them.
    package var audioBytes = 0
    /// The bytes themselves, when the configuration keeps them.
    package var audio = ByteBuffer()
    /// Messages sent.
    package var messagesSent = 0
    /// Whether `eos` came.
    package var sawEOS = false
    /// How the connection ended; `nil` while it lives.
    package var ending: SessionEnding?
}

/// How a connection to the stand-in ended.
package enum SessionEnding: Sendable, Equatable {
    /// The stand-in sent the close frame.
    case closed(code: UInt16?, reason: String)
    /// The client sent the close frame.
    case closedByClient(code: UInt16?, reason: String)
    /// Without a close frame.
    case lost
    /// The client broke the protocol; the code that it was told.
    case violated(code: UInt16)
}

/// What a stand-in has counted since it started.
package struct SimulatorStatistics: Sendable, Equatable {
    /// Tokens given out.
    package var tokensMinted = 0
    /// Token requests refused or answered with a fault.
    package var mintsRefused = 0
    /// Handshakes accepted.
    package var upgradesAccepted = 0
    /// Handshakes refused or answered with a fault.
    package var upgradesRefused = 0
    /// Handshakes refused because of their token.
    package var tokensRefused = 0
    /// Connections that live.
    package var sessionsActive = 0
    /// Final transcripts sent.
    package var finalsSent = 0
}
