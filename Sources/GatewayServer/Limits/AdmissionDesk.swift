import GatewayCore
import Logging

/// Everything that admission remembers from one request to the next.
struct AdmissionDesk: Sendable {
    let tickets: TicketOffice
    /// `nil` when there is no state directory, and then there are no devices.
    let devices: DeviceRegistry?
    let store: AdmissionStore
    let issuers = IssuerDesk()
    let failures = FailureDesk()
    let connects = ConnectDesk()
    let permits = PermitDesk()

    /// - Parameter directory: `nil` keeps everything in memory alone.
    /// - Throws: `StartFailure` when what is kept there cannot be used, or when there is none and devices are expected.
    init(settings: GatewaySettings, directory: StateDirectory?, logger: Logger) throws {
        do {
            store = try AdmissionStore(directory: directory, logger: logger)
            tickets = try TicketOffice(
                lifetime: settings.sessions.ticketLifetime, store: store, directory: directory)
            devices = try directory.map { try DeviceRegistry(directory: $0) }
        } catch {
            throw StartFailure("\(error)")
        }
        guard directory == nil else { return }
        if settings.access.contains(where: { $0.devices != nil }) {
            throw StartFailure(
                "access rules ask for devices, but there is no directory to keep them in: set state_directory, or "
                    + "StateDirectory= in the systemd unit")
        }
        if settings.budget.isLimited || settings.limits.values.contains(where: \.budget.isLimited) {
            logger.warning("budgets begin anew with each restart: set state_directory to keep them")
        }
    }
}
