package import NIOCore

/// Stands before TLS and HTTP: says which connections are taken, and reads the header of a proxy that must come first.
/// Called on the connections' event loops. It counts for itself what it turns away.
package protocol ConnectionGate: Sendable {
    /// Whether connections from there are taken; others are closed without a word.
    func admits(_ peer: SocketAddress?) -> Bool
    /// Judges the beginning of a connection: all bytes that have come so far.
    func judge(_ bytes: ByteBufferView, from peer: SocketAddress?) -> GateJudgement
    /// A connection was given up before it could be judged.
    /// - Parameter hasBegun: Whether a byte came.
    func gaveUp(on peer: SocketAddress?, _ reason: GateFailure, hasBegun: Bool)
}

/// What becomes of a connection.
package enum GateJudgement: Sendable {
    /// More bytes are needed.
    case wait
    /// The first `byteCount` bytes are the proxy's, what follows is the client's.
    case pass(byteCount: Int, ProxyAnnouncement)
    /// It is closed.
    case close
}

/// Why a connection was given up.
package enum GateFailure: Sendable {
    /// The header took too long.
    case timedOut
    /// The connection ended first.
    case ended
}

/// What a proxy said in front of a connection.
package enum ProxyAnnouncement: Sendable, Equatable {
    /// The connection is its own.
    case itself
    /// A client's connection: where it comes from and where it went, as far as the proxy says. Ports are left out.
    case client(source: SocketAddress?, destination: SocketAddress?)
}
