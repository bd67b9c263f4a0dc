import GatewayConfig

/// A duration on the command line, spelt as in the configuration.
enum DurationArgument {
    /// Reads `50ms`, `1s`, `1m30s`, …
    static func parse(_ text: String) throws(ArgumentProblem) -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw ArgumentProblem("expected a duration such as 50ms, 2s or 1m30s")
        }
        return duration
    }

    /// Reads a duration of whole seconds, one at least.
    static func parseSeconds(_ text: String) throws(ArgumentProblem) -> Int {
        let (seconds, rest) = try parse(text).components
        guard seconds > 0, rest == 0 else { throw ArgumentProblem("expected whole seconds, one at least") }
        return Int(seconds)
    }

    /// Reads a duration in milliseconds, or `off`, which is 0.
    static func parseMillisecondsOrOff(_ text: String) throws(ArgumentProblem) -> Int {
        if text == "off" { return 0 }
        guard let duration = DurationText.parse(text), duration > .zero else {
            throw ArgumentProblem("expected a duration such as 500ms, or off")
        }
        return Int(duration / .milliseconds(1))
    }
}
