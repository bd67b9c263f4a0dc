import GatewayCore
import GatewayTelemetry
import Logging
import NIOCore

/// Does what admission needs done in the background: notices revoked devices, writes down their use, renews secrets,
/// gets issuers' keys.
final class AdmissionKeeper: Sendable {
    private let task: Task<Void, Never>

    /// Begins; `stop` must follow.
    init(desk: AdmissionDesk, registry: SessionRegistry, logger: Logger) {
        task = Task { await Work(desk: desk, registry: registry, logger: logger).run() }
    }

    /// Ends, with everything written down.
    func stop() async {
        task.cancel()
        await task.value
    }

    private struct Work {
        /// Revocations must be noticed within a second.
        static let interval = Duration.milliseconds(250)

        let desk: AdmissionDesk
        let registry: SessionRegistry
        let logger: Logger
        /// What failed last, so that it is told once and not four times a second.
        var complaint = ""

        init(desk: AdmissionDesk, registry: SessionRegistry, logger: Logger) {
            self.desk = desk
            self.registry = registry
            self.logger = logger
        }

        consuming func run() async {
            var round = 0
            // A cancelled task sleeps no more.
            while (try? await Task.sleep(for: Self.interval)) != nil {
                round += 1
                attempt(round)
            }
            try? desk.devices?.writeUses()
        }

        private mutating func attempt(_ round: Int) {
            desk.issuers.lookAfterKeys(logger)
            do {
                if let devices = desk.devices {
                    // Tokens expire without anybody changing anything.
                    if try devices.refresh() || round.isMultiple(of: 4) { endRefused(devices) }
                    if round.isMultiple(of: 40) { try devices.writeUses() }
                }
                if round.isMultiple(of: 14_400) { try desk.tickets.rotateSecrets() }
                complaint = ""
            } catch {
                let words = "\(error)"
                if complaint != words { logger.error("the state directory fails", metadata: ["reason": "\(words)"]) }
                complaint = words
            }
        }

        /// Ends the sessions of devices whose token is good no more.
        private func endRefused(_ devices: DeviceRegistry) {
            for session in registry.live {
                session.eventLoop.execute {
                    guard let key = session.value.admitted.device, let ending = devices.ending(of: key) else { return }
                    session.value.handle(
                        ending == .credentialExpired ? .endRequested(ending) : .killRequested(ending))
                }
            }
        }
    }
}
