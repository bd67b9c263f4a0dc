import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore
import NIOHTTP1

/// What the admin listener answers: loopback or a unix socket, never a page of another site.
final class AdminRoutes: HTTPRoutes {
    private let metrics: GatewayMetrics
    private let registry: SessionRegistry
    /// The same check of `Host` as for clients, against DNS rebinding; requests with an `Origin` never pass it.
    private let access: AccessPolicy

    init(metrics: GatewayMetrics, registry: SessionRegistry) {
        self.metrics = metrics
        self.registry = registry
        self.access = AccessPolicy(
            rules: [AccessRule(name: "admin", addresses: [.loopback])], hosts: [])
    }

    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        guard isOwn(request) else {
            return .reply(Problem.reply(.originRefused, detail: "The admin surface is for programs on this machine."))
        }
        guard request.method == .GET || request.method == .HEAD else {
            return .reply(Problem.reply(.methodNotAllowed, detail: "Use GET here.", headers: ["Allow": "GET, HEAD"]))
        }
        switch request.path {
        case "/metrics":
            return .reply(HTTPReply(status: .ok, type: MetricsRegistry.contentType, text: metrics.registry.render()))
        case "/livez": return .reply(HTTPReply(status: .ok, type: "text/plain", text: "ok\n"))
        case "/readyz": return .reply(ready)
        default: return .reply(Problem.reply(.notFound, detail: "Here are /metrics, /livez and /readyz."))
        }
    }

    func malformed(_ status: HTTPResponseStatus, words: String) -> HTTPReply {
        Problem.reply(.badRequest, detail: words, status: Int(status.code))
    }

    private var ready: HTTPReply {
        registry.isDraining
            ? HTTPReply(status: .serviceUnavailable, type: "text/plain", text: "draining\n")
            : HTTPReply(status: .ok, type: "text/plain", text: "ok\n")
    }

    private func isOwn(_ request: HTTPRequestInfo) -> Bool {
        guard case .unixDomainSocket = request.localAddress else {
            let decision = access.decide(request.accessRequest(listener: "admin", client: request.client()))
            if case .admitted = decision { return true }
            return false
        }
        return !request.headers.contains(name: "Origin")
    }
}
