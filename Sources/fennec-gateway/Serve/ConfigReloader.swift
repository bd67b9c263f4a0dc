import FennecUpstream
import GatewayConfig
import GatewayCore
import GatewayServer
import GatewayTelemetry
import Glibc
import Logging

/// Reads configuration and API keys again and puts them in force: all of it, or nothing where anything is wrong.
struct ConfigReloader {
    /// The configuration file.
    let path: String
    let threshold: LogThreshold
    let supply: TokenSupply
    let metrics: GatewayMetrics
    let logger: Logger

    /// Reads once; what became of it goes to log and metrics.
    /// - Returns: Whether what was read is in force.
    func reload(_ gateway: Gateway) -> Bool {
        let isInForce = putInForce(on: gateway)
        metrics.config.reloaded(isInForce ? .success : .failure, now: time(nil))
        return isInForce
    }

    private func putInForce(on gateway: Gateway) -> Bool {
        do {
            let config = try ConfigLoader.load(path: path)
            try OpenFileLimit.provide(for: config.settings.sessions)
            let keys = try APIKeys.read(config.settings.upstream.apiKeys)
            let waiting = try gateway.reload(config.settings)
            supply.replaceKeys(keys)
            threshold.level = config.settings.log.level.logLevel
            report(config.warnings, waiting)
            return true
        } catch let failure as ConfigFailure {
            for problem in failure.problems { logger.log(problem, in: path, level: .error) }
            refuse("the configuration has mistakes", count: failure.problems.count)
        } catch {
            refuse("\(error)")
        }
        return false
    }

    private func report(_ warnings: [ConfigProblem], _ waiting: [String]) {
        for warning in warnings { logger.log(warning, in: path, level: .warning) }
        logger.notice("configuration reloaded", metadata: ["file": "\(path)"])
        guard !waiting.isEmpty else { return }
        logger.warning(
            "some settings take effect with a restart only",
            metadata: ["settings": "\(waiting.joined(separator: ", "))"])
    }

    private func refuse(_ reason: String, count: Int = 1) {
        logger.error(
            "configuration not reloaded: nothing was changed",
            metadata: ["file": "\(path)", "reason": "\(reason)", "problems": .stringConvertible(count)])
    }
}
