import GatewayConfig
import Logging

extension Logger {
    /// Writes what is wrong or doubtful in a configuration file as one line.
    func log(_ problem: ConfigProblem, in file: String, level: Logger.Level) {
        var metadata: Logger.Metadata = ["file": "\(file)"]
        if let mark = problem.mark { metadata["place"] = "\(mark)" }
        if !problem.path.isEmpty { metadata["setting"] = "\(problem.path)" }
        if let hint = problem.hint { metadata["hint"] = "\(hint)" }
        log(level: level, "configuration: \(problem.message)", metadata: metadata)
    }
}
