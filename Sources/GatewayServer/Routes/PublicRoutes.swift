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

    /// Where clients ask what their sessions are limited to.
    static let policyPath = "/gateway/policy"

    /// The listener's name, by which its settings are found.
    private let listener: String
    private let store: SettingsStore
    let desk: AdmissionDesk
    private let registry: SessionRegistry
    private let services: SessionServices

    init(
        listener: String, store: SettingsStore, desk: AdmissionDesk, registry: SessionRegistry,
        services: SessionServices
    ) {
        self.listener = listener
        self.store = store
        self.desk = desk
        self.registry = registry
        self.services = services
    }

    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        let admission = admission(of: request)
        do throws(Refused) {
            switch request.path {
            case Self.streamPath: return try stream(admission)
            case Self.tokenPath: return try token(admission)
            case Self.policyPath: return try policy(admission)
            default:
                let demo = admission.listener.servesDemoPage
                if let answer = try WebFiles.shared.answer(request, withDemoPage: demo) { return answer }
                throw Refused(
                    .notFound,
                    "Streams are at \(Self.streamPath), tickets at \(Self.tokenPath), limits at \(Self.policyPath).")
            }
        } catch {
            services.metrics.refusals[error.refusal].add()
            return error.answer(headers: admission.crossOriginHeaders)
        }
    }

    private func admission(of request: HTTPRequestInfo) -> Admission {
        let active = store.current
        return Admission(
            request: request, active: active, listener: active.listener(named: listener),
            access: active.access(on: listener), desk: desk, registry: registry, upstream: services.connector)
    }

    func malformed(_ status: HTTPResponseStatus, words: String) -> HTTPReply {
        let refusal: Refusal = status == .upgradeRequired ? .webSocketVersion : .badRequest
        services.metrics.refusals[refusal].add()
        return Problem.reply(refusal, detail: words, status: Int(status.code))
    }

    // MARK: The stream

    private func stream(_ admission: Admission) throws(Refused) -> HTTPAnswer {
        let request = admission.request
        guard request.method == .GET else { throw Refused(allow: "GET") }
        let visitor = try admission.visitor()
        guard request.isWebSocketHandshake else {
            throw Refused(.badRequest, "This is a WebSocket endpoint: send Upgrade: websocket.")
        }
        let grant = try admission.grant(to: visitor)
        let permit = try take(grant)
        return .upgrade(acceptance(of: admission, grant, permit))
    }

    /// Takes everything that a session uses up: a connect, its places, and the ticket last, so that one that is refused
    /// is still good.
    private func take(_ grant: Admission.Grant) throws(Refused) -> Permit {
        if let rate = grant.terms.connects, let wait = desk.connects.connect(grant.terms.client, rate) {
            throw Refused(connectAfter: wait)
        }
        let permit = try Permit(claims: grant.terms.claims, desk: desk.permits, registry: registry)
        if let ticket = grant.visitor.ticket {
            do throws(Ticket.Failure) { try desk.tickets.redeem(ticket) } catch { throw Refused(error) }
        }
        if let device = grant.visitor.device { desk.devices?.noteUse(of: device.name) }
        return permit
    }

    private func acceptance(
        of admission: Admission, _ grant: Admission.Grant, _ permit: Permit
    ) -> WebSocketAcceptance {
        let request = admission.request
        let settings = admission.active.settings.sessions.limited(by: grant.terms.session)
        var limits = WebSocketLimits()
        limits.maxBinaryMessageBytes = settings.maxAudioMessageBytes
        limits.maxTextMessageBytes = settings.maxTextMessageBytes
        limits.closeTimeout = TimeAmount(settings.closeTimeout)
        let offers = request.headers[canonicalForm: "Sec-WebSocket-Protocol"]
        let subprotocol = RequestCredential.subprotocol
        let admitted = Admitted(
            grant, permit: permit, request: request,
            trail: request.trail(on: admission.listener), settings: settings,
            addresses: services.addresses)
        return WebSocketAcceptance(
            subprotocol: offers.contains { $0 == subprotocol } ? subprotocol : nil, limits: limits
        ) { [registry, services, desk] leg in
            let number = SessionID.random()
            let id = number.description
            let session = RelaySession(
                id: number, client: leg, admitted: admitted, services: services, desk: desk,
                over: { registry.remove(id: id) })
            permit.open()
            session.begin()
            registry.add(session)
        }
    }

    // MARK: Tickets

    private func token(_ admission: Admission) throws(Refused) -> HTTPAnswer {
        switch admission.request.method {
        case .OPTIONS: return .reply(try admission.preflight(methods: "POST"))
        case .POST: break
        default: throw Refused(allow: "POST, OPTIONS")
        }
        return try issue(admission)
    }
}
