/// Time since a moment of its own, which never goes back.
enum SteadyClock {
    /// A clock that begins now.
    static func begin() -> @Sendable () -> Duration {
        let origin = ContinuousClock.now
        return { origin.duration(to: .now) }
    }
}
