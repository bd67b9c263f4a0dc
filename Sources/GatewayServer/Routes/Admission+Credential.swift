import GatewayCore
import GatewayWire
import NIOCore

extension Admission {
    /// A credential that was found to be good.
    enum Verified {
        case none
        case device(DeviceRecord)
        /// With the device that got it, when that was one.
        case ticket(Ticket, DeviceRecord?)
        case token(VerifiedToken)
    }

    /// What the request proves. One that fails never counts as none: who has a credential is not let in without it.
    func credential(from client: ClientAddress) throws(Refused) -> Verified {
        let carried = RequestCredential.of(request, takesTokens: !active.settings.issuers.isEmpty)
        switch carried {
        case .malformed(let words): throw Refused(.badRequest, words)
        case .none: return .none
        case .device, .ticket, .token: try requireSecrecy(client)
        }
        do throws(Refused) {
            switch carried {
            case .device(let token): return .device(try device(token))
            case .ticket(let text): return try ticket(text)
            case .token(let text): return .token(try token(text))
            case .none, .malformed: return .none
            }
        } catch {
            guard error.refusal.status == 401, let wait = desk.failures.failed(from: client.address) else {
                throw error
            }
            throw Refused(failuresUntil: wait)
        }
    }

    private func device(_ token: String) throws(Refused) -> DeviceRecord {
        guard let devices = desk.devices else { throw Refused(.credentialInvalid, "Devices are not known here.") }
        do throws(DeviceRegistry.Failure) {
            return try devices.device(token: token)
        } catch {
            switch error {
            case .expired:
                throw Refused(.credentialExpired, "The device token has expired; the operator can rotate it.")
            case .invalid:
                throw Refused(
                    .credentialInvalid, "The device token is unknown or revoked. One looks like \(DeviceToken.form).")
            }
        }
    }

    private func token(_ text: String) throws(Refused) -> VerifiedToken {
        do throws(IssuerDesk.Failure) {
            return try desk.issuers.verify(text)
        } catch {
            switch error {
            case .expired: throw Refused(.credentialExpired, "The token has expired; get a new one.")
            case .invalid(let words): throw Refused(.credentialInvalid, words)
            case .noKeys: throw Refused(withoutKeys: ())
            }
        }
    }

    private func ticket(_ text: String) throws(Refused) -> Verified {
        do throws(Ticket.Failure) {
            let ticket = try desk.tickets.open(text)
            guard let key = ticket.device else { return .ticket(ticket, nil) }
            // A ticket is worth no more than the device that got it.
            guard let device = desk.devices?.device(key) else { throw .invalid }
            return .ticket(ticket, device)
        } catch {
            throw Refused(error)
        }
    }

    /// A credential that others can read on its way is no secret any more, so it is refused rather than believed.
    private func requireSecrecy(_ client: ClientAddress) throws(Refused) {
        guard !request.isSecure, !listener.allowsPlaintextCredentials, !client.isProxied,
            let peer = request.remoteAddress?.address,
            !AddressPattern.loopback.matches(ClientAddress(peer, isDoubtful: client.isDoubtful))
        else { return }
        throw Refused(
            .badRequest,
            "Credentials are not taken in clear text: use https and wss, or set plaintext_credentials on the listener.")
    }
}
