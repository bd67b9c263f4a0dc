/// How loudly an ending is logged.
package enum Severity: String, Sendable, Equatable {
    case info, notice, warning, error
}
