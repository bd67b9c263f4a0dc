/// What every session of a stand-in shares.
struct StreamContext: Sendable {
    let configuration: SimulatorConfiguration
    let log: SimulatorLog
    let recognizer: Recognizer?
}
