import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore
import NIOHTTP1

/// What a public listener answers.
final class PublicRoutes: HTTPRoutes {
    /// The vendor's own path, so that its SDK and examples work by changing two URLs.
    static let streamPath = "/api/v1/transcribe/stream"
    /// The vendor's path of the token endpoint; here it gives out tickets of the gateway's own.
    static let tokenPath = "/api/v1/transcribe/streaming-token"

    private let access: AccessPolicy
    private let tickets: TicketOffice
    private let registry: SessionRegistry
    private let services: SessionServices

    init(access: AccessPolicy, tickets: TicketOffice, registry: SessionRegistry, services: SessionServices) {
        self.access = access
        self.tickets = tickets
        self.registry = registry
        self.services = services
    }

    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        switch request.path {
        case Self.streamPath: stream(request)
        case Self.tokenPath: token(request)
        default: refuse(.notFound, "Streams are at \(Self.streamPath), tickets at \(Self.tokenPath).", request)
        }
    }

    func malformed(_ words: String) -> HTTPReply {
        services.metrics.refusals[.badRequest].add()
        return Problem.reply(.badRequest, detail: words)
    }

    // MARK: The stream

    private func stream(_ request: HTTPRequestInfo) -> HTTPAnswer {
        guard request.method == .GET else { return wrongMethod("GET", request) }
        let holder: TicketBook.Holder
        switch admit(request) {
        case .failure(let refused): return refused.answer(request, routes: self)
        case .success(let found): holder = found
        }
        guard request.isWebSocketHandshake else {
            return refuse(.badRequest, "This is a WebSocket endpoint: send Upgrade: websocket.", request)
        }
        let credential = RequestCredential.of(request)
        switch credential {
        case .malformed(let words): return refuse(.badRequest, words, request)
        case .none, .ticket: break
        }
        if let obstacle = reserve() { return obstacle.answer(request, routes: self) }
        if case .ticket(let ticket) = credential, let refused = redeem(ticket, holder) {
            registry.giveBack()
            return refused.answer(request, routes: self)
        }
        return .upgrade(acceptance(of: request, holder))
    }

    private func acceptance(of request: HTTPRequestInfo, _ holder: TicketBook.Holder) -> WebSocketAcceptance {
        var limits = WebSocketLimits()
        limits.maxBinaryMessageBytes = services.settings.maxAudioMessageBytes
        limits.maxTextMessageBytes = services.settings.maxTextMessageBytes
        limits.closeTimeout = TimeAmount(services.settings.closeTimeout)
        let offers = request.headers[canonicalForm: "Sec-WebSocket-Protocol"]
        let subprotocol = RequestCredential.subprotocol
        let client = holder.origin ?? request.remoteAddress?.ipAddress ?? "local"
        let admitted = Admitted(rule: holder.rule, client: client)
        return WebSocketAcceptance(
            subprotocol: offers.contains { $0 == subprotocol } ? subprotocol : nil, limits: limits
        ) { [registry, services] leg in
            let id = SessionID.random()
            let session = RelaySession(
                id: id, client: leg, admitted: admitted, services: services, over: { registry.remove(id: id) })
            session.begin()
            registry.add(session)
        }
    }

    private func reserve() -> Refused? {
        do throws(SessionRegistry.Full) {
            try registry.reserve()
            return nil
        } catch {
            return Refused(error)
        }
    }

    private func redeem(_ ticket: String, _ holder: TicketBook.Holder) -> Refused? {
        do throws(TicketBook.Failure) {
            try tickets.redeem(ticket, by: holder)
            return nil
        } catch {
            switch error {
            case .expired: return Refused(.credentialExpired, "The ticket has expired; get a new one.")
            case .invalid:
                return Refused(.credentialInvalid, "The ticket is unknown, used, or another's; get a new one.")
            }
        }
    }

    // MARK: Tickets

    private func token(_ request: HTTPRequestInfo) -> HTTPAnswer {
        if request.method == .OPTIONS { return preflight(request) }
        guard request.method == .POST else { return wrongMethod("POST, OPTIONS", request) }
        switch admit(request) {
        case .failure(let refused): return refused.answer(request, routes: self)
        case .success(let holder):
            if let obstacle = registry.obstacle { return Refused(obstacle).answer(request, routes: self) }
            let (ticket, lifetime) = tickets.issue(to: holder)
            let body: JSONValue = ["token": .string(ticket), "expires_in": .number(JSONNumber(lifetime))]
            var headers = cors(request)
            headers.add(name: "Cache-Control", value: "no-store")
            return .reply(HTTPReply(status: .ok, headers: headers, type: "application/json", text: body.text))
        }
    }

    private func preflight(_ request: HTTPRequestInfo) -> HTTPAnswer {
        guard let origin = request.headers["Origin"].first, access.mentions(origin: origin) else {
            return refuse(.originRefused, "No access rule lists this origin.", request)
        }
        var headers = cors(request)
        headers.add(name: "Access-Control-Allow-Methods", value: "POST")
        headers.add(name: "Access-Control-Allow-Headers", value: "content-type, x-api-key, authorization")
        headers.add(name: "Access-Control-Max-Age", value: "600")
        return .reply(HTTPReply(status: .noContent, headers: headers))
    }

    // MARK: Admission

    private func admit(_ request: HTTPRequestInfo) -> Result<TicketBook.Holder, Refused> {
        let origins = request.headers["Origin"]
        let decision = access.decide(
            AccessRequest(
                host: request.headers["Host"].first ?? "", origins: origins,
                remote: request.remoteAddress?.address, local: request.localAddress?.address))
        switch decision {
        case .admitted(let rule):
            return .success(TicketBook.Holder(rule: rule.name, origin: origins.first?.lowercased()))
        case .refused(let refusal): return .failure(Refused(refusal, Self.detail(of: refusal)))
        }
    }

    private static func detail(of refusal: Refusal) -> String {
        switch refusal {
        case .hostRefused: "Connect by localhost, by the server's IP address, or by a name that stands in hosts."
        case .originRefused: "No access rule lists this origin."
        case .addressRefused: "No access rule lets this address in."
        default: refusal.title
        }
    }

    // MARK: Refusals

    func refuse(_ refusal: Refusal, _ detail: String, _ request: HTTPRequestInfo, retryAfter: Int? = nil)
        -> HTTPAnswer
    {
        services.metrics.refusals[refusal].add()
        return .reply(Problem.reply(refusal, detail: detail, retryAfter: retryAfter, headers: cors(request)))
    }

    private func wrongMethod(_ allowed: String, _ request: HTTPRequestInfo) -> HTTPAnswer {
        services.metrics.refusals[.methodNotAllowed].add()
        var headers = cors(request)
        headers.add(name: "Allow", value: allowed)
        return .reply(Problem.reply(.methodNotAllowed, detail: "Use \(allowed) here.", headers: headers))
    }

    /// Cross-origin headers (WHATWG Fetch §3.3) for a known origin, on errors too, so that pages can read them.
    private func cors(_ request: HTTPRequestInfo) -> HTTPHeaders {
        guard let origin = request.headers["Origin"].first else { return [:] }
        var headers: HTTPHeaders = ["Vary": "Origin"]
        if access.mentions(origin: origin) {
            headers.add(name: "Access-Control-Allow-Origin", value: origin)
            headers.add(name: "Access-Control-Expose-Headers", value: "Retry-After, X-Request-Id")
        }
        return headers
    }
}
