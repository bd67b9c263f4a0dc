/// Deadlines and bounds of every session.
package struct SessionSettings: Sendable, Equatable {
    /// Most sessions at once in the whole gateway.
    package var max: Int = 1000
    /// From the 101 to the client's `start`.
    package var startTimeout: Duration = .seconds(10)
    /// From admission to an open upstream: token and handshake together.
    package var connectTimeout: Duration = .seconds(10)
    /// From `start` sent upstream to the upstream's `ready`.
    package var readyTimeout: Duration = .seconds(10)
    /// Longest silence on the wire: no audio message from the client.
    package var idleTimeout: Duration = .seconds(300)
    /// Longest session, from the 101.
    package var maxDuration: Duration = .seconds(4 * 3600)
    /// From `eos` sent upstream to the upstream's close.
    package var drainTimeout: Duration = .seconds(10)
    /// How long the gateway says that it is not ready before it stops accepting.
    package var drainLead: Duration = .zero
    /// How long sessions go on after the gateway stopped accepting.
    package var drainMax: Duration = .seconds(5)
    /// Between pings on each leg; a leg is dead after two in which nothing came.
    package var pingInterval: Duration = .seconds(20)
    /// Longest time that a leg may refuse our bytes.
    package var writeTimeout: Duration = .seconds(30)
    /// From our close frame to the peer's.
    package var closeTimeout: Duration = .seconds(5)
    /// What happens when the upstream never says `ready`.
    package var missingReady: MissingReady = .fail
    /// Audio held until `ready`, in seconds of audio at the declared rate.
    package var earlyAudioSeconds: Int = 30
    /// Audio held until `ready`, in bytes.
    package var earlyAudioBytes: Int = 1 << 20
    /// Largest binary message from a client, in bytes.
    package var maxAudioMessageBytes: Int = 4 << 20
    /// Largest text message from a client, in bytes.
    package var maxTextMessageBytes: Int = 64 << 10
    /// From a connection's first byte to the end of its request head.
    package var requestHeadTimeout: Duration = .seconds(10)
    /// Life of a gateway ticket.
    package var ticketLifetime: Duration = .seconds(60)

    package init() {}

    /// How many files the process must be able to open: two sockets for each session, and some for connections that
    /// are none yet, requests for tokens, and the gateway's own.
    package var openFiles: Int { 2 * max + 256 }
}

/// What happens when the upstream never says `ready`.
package enum MissingReady: Sendable, Equatable {
    /// The session ends with `upstream_timeout`.
    case fail
    /// At the ready deadline the gateway says `ready` itself and lets the audio go.
    case proceed
}
