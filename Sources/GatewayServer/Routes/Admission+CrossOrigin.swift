import GatewayCore
import GatewayWire
import NIOHTTP1

extension Admission {
    /// Cross-origin headers (WHATWG Fetch §3.3) for a known origin, on errors too, so that pages can read them. One
    /// that no rule names is known by the request's ticket, used or expired though it may be.
    var crossOriginHeaders: HTTPHeaders {
        guard let origin = request.headers["Origin"].first else { return [:] }
        var headers: HTTPHeaders = ["Vary": "Origin"]
        if access.mentions(origin: origin) || isTicketed(origin: origin) {
            headers.add(name: "Access-Control-Allow-Origin", value: origin)
            headers.add(name: "Access-Control-Expose-Headers", value: "Retry-After, X-Request-Id")
        }
        return headers
    }

    private func isTicketed(origin: String) -> Bool {
        guard case .ticket(let text) = RequestCredential.of(request) else { return false }
        return desk.tickets.signed(text)?.origin == AccessRequest.folded(origin)
    }

    /// The answer to `OPTIONS`, decided from `Origin` alone.
    func preflight(methods: String) throws(Refused) -> HTTPReply {
        guard let origin = request.headers["Origin"].first, access.mentions(origin: origin) else {
            throw Refused(.originRefused, "No access rule lists this origin.")
        }
        var headers = crossOriginHeaders
        headers.add(name: "Access-Control-Allow-Methods", value: methods)
        headers.add(name: "Access-Control-Allow-Headers", value: "content-type, x-api-key, authorization")
        headers.add(name: "Access-Control-Max-Age", value: "600")
        return HTTPReply(status: .noContent, headers: headers)
    }
}
