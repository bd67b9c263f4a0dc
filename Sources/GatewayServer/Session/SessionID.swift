import GatewayTelemetry

/// Names a session in logs, ledger, errors and exemplars.
struct SessionID: CustomStringConvertible {
    /// Never 0.
    let number: UInt64

    static func random() -> SessionID { SessionID(number: .random(in: 1 ... .max)) }

    /// Sixteen hexadecimal digits.
    var description: String { SessionNumber.text(number) }
}
