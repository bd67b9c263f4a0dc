import GatewayCore
import GatewayTelemetry
import NIOCore

/// Turns addresses into what may be kept of them.
struct AddressKeeper: Sendable {
    private let form: AddressForm
    private let pseudonyms = AddressPseudonyms()

    init(form: AddressForm) {
        self.form = form
    }

    /// What may be kept; `nil` for nothing.
    func text(of address: IPAddress?) -> String? {
        address.flatMap { form.text(of: $0) { pseudonyms.pseudonym(of: $0, at: WallClock.milliseconds) } }
    }
}
