package import GatewayWire
import NIOCore

/// One attempt to open a stream. Belongs to one event loop.
package final class UpstreamAttempt {
    /// A stream that is open.
    package struct Connection {
        package let leg: WebSocketLeg
        /// How long the token took.
        package let mintMilliseconds: Double
        /// How long name, TCP, TLS and handshake took together.
        package let connectMilliseconds: Double
    }

    let loop: any EventLoop
    let deadline: NIODeadline
    let owner: any WebSocketOwner
    /// Whether the stream endpoint's breaker waits for what comes of it.
    var isProbe = false
    /// Lets go of what the attempt holds at the moment.
    var giveUp: (() -> Void)?
    private(set) var isDecided = false
    /// Told once how it went, unless it was cancelled; set it before returning to the event loop.
    package var onOutcome: ((Result<Connection, UpstreamFailure>) -> Void)?

    init(loop: any EventLoop, deadline: NIODeadline, owner: any WebSocketOwner) {
        self.loop = loop
        self.deadline = deadline
        self.owner = owner
    }

    /// Gives up; nobody is told.
    package func cancel() {
        onOutcome = nil
        isDecided = true
        giveUp?()
        giveUp = nil
    }

    func fail(_ failure: UpstreamFailure) {
        decide(.failure(failure))
    }

    func succeed(_ connection: Connection) {
        guard !isDecided else {
            connection.leg.owner = nil
            return connection.leg.close(code: 1000)
        }
        decide(.success(connection))
    }

    private func decide(_ result: Result<Connection, UpstreamFailure>) {
        guard !isDecided else { return }
        isDecided = true
        giveUp = nil
        onOutcome?(result)
        onOutcome = nil
    }
}
