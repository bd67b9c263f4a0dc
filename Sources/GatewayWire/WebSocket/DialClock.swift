package import NIOCore

/// Measures the steps of one dial. Belongs to one event loop.
package final class DialClock {
    /// A step; each begins where the one before ended.
    package enum Step: Int, Sendable, CaseIterable {
        /// Finding the host's addresses.
        case dns
        /// Connecting, the tunnel through a proxy included.
        case tcp
        case tls
        /// The WebSocket handshake.
        case upgrade
    }

    private var begun = NIODeadline.now()
    private var last: Step?
    private let tell: (Step, TimeAmount) -> Void

    /// Begins with the first step.
    /// - Parameter tell: Told how long each step took when it is over.
    package init(tell: @escaping (Step, TimeAmount) -> Void) {
        self.tell = tell
    }

    /// A step is over. What was over before changes nothing: a name has several addresses, each with a connection.
    func ended(_ step: Step) {
        if let last, step.rawValue <= last.rawValue { return }
        let now = NIODeadline.now()
        tell(step, now - begun)
        (begun, last) = (now, step)
    }
}
