/// Tells whether the peer of a leg is still there: dead after two intervals in which it was read and no byte arrived.
/// While its reads are paused the count stands still, since nothing could have arrived.
package struct Heartbeat: Sendable, Equatable {
    private var silent = 0

    package init() {}

    /// An interval has passed; `true` when the peer is dead.
    package mutating func intervalPassed(bytesArrived: Bool, wasPaused: Bool) -> Bool {
        if bytesArrived {
            silent = 0
        } else if !wasPaused {
            silent += 1
        }
        return silent >= 2
    }
}
