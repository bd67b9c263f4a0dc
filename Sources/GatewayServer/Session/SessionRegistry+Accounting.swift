import GatewayTelemetry
import NIOCore

extension SessionRegistry {
    /// Tells the ledger how every session stands; returns when all event loops have done so.
    func tellHowSessionsStand(to ledger: UsageLedger) async {
        let loops = Dictionary(grouping: live) { ObjectIdentifier($0.eventLoop) }
        for sessions in loops.values {
            guard let loop = sessions.first?.eventLoop else { continue }
            let told = loop.submit { ledger.stand(sessions.compactMap(\.value.standing)) }
            // Fails only when the loop is gone, and then so are its sessions.
            try? await told.get()
        }
    }
}
