import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1

/// Who may ask the admin surface: programs on this machine, with the token where one is asked for; never a page, which
/// a browser on this machine would send for.
final class AdminGate: Sendable {
    private let token: AdminToken?
    private let failures = FailureDesk()
    /// The same check of `Host` as for clients, against DNS rebinding; requests with an `Origin` never pass it.
    private let access = AccessPolicy(rules: [AccessRule(name: "admin", addresses: [.loopback])], hosts: [])

    /// Whether anybody on this machine may ask what changes nothing and tells nothing: whether the gateway is there.
    private static let open: Set<String> = ["/livez", "/readyz"]

    init(token: AdminToken?) {
        self.token = token
    }

    /// Lets a request pass.
    func admit(_ request: HTTPRequestInfo) throws(Refused) {
        guard isOwn(request) else {
            throw Refused(.originRefused, "The admin surface is for programs on this machine.")
        }
        guard let token, !(Self.open.contains(request.path) && request.query == nil) else { return }
        let carried = request.headers["Authorization"].compactMap(RequestCredential.bearer)
        guard let first = carried.first else {
            throw Refused(.credentialRequired, "The admin token is required, as Authorization: Bearer.")
        }
        guard carried.count == 1, token.isMatched(by: first) else {
            if let wait = failures.failed(from: request.remoteAddress?.address) { throw Refused(failuresUntil: wait) }
            throw Refused(.credentialInvalid, "This is not the admin token.")
        }
    }

    private func isOwn(_ request: HTTPRequestInfo) -> Bool {
        // What a browser says that another site's page has asked for (W3C Fetch Metadata).
        let site = request.headers["Sec-Fetch-Site"]
        guard site.isEmpty || site == ["same-origin"] || site == ["none"] else { return false }
        guard case .unixDomainSocket = request.localAddress else {
            let decision = access.decide(request.accessRequest(listener: "admin", client: request.client()))
            if case .admitted = decision { return true }
            return false
        }
        return !request.headers.contains(name: "Origin")
    }
}
