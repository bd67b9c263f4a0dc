/// Measures how long a sender is made to wait because its receiver takes no more. A wait that still lasts counts as
/// far as it has come.
package struct PressureMeter: Sendable, Equatable {
    private var since: Int?

    package init() {}

    /// Tells how things stand, as often as wanted.
    /// - Parameters:
    ///   - isWaiting: Whether the sender waits from now on.
    ///   - time: In µs, never less than before.
    /// - Returns: For how many µs it waited since this was last told.
    package mutating func stands(isWaiting: Bool, at time: Int) -> Int {
        let waited = since.map { time - $0 } ?? 0
        since = isWaiting ? time : nil
        return waited
    }
}
