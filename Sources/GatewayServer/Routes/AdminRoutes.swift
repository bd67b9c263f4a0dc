import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore
import NIOHTTP1
import NIOPosix

/// What the admin listener answers: loopback or a unix socket, never a page of another site.
final class AdminRoutes: HTTPRoutes {
    private let metrics: GatewayMetrics
    private let registry: SessionRegistry
    private let ledger: UsageLedger?
    private let threshold: LogThreshold?
    private let health: Health
    private let gate: AdminGate

    init(parts: Gateway.Parts, registry: SessionRegistry, health: Health) {
        self.health = health
        self.metrics = parts.metrics
        self.registry = registry
        self.ledger = parts.ledger
        self.threshold = parts.threshold
        self.gate = AdminGate(token: parts.adminToken)
    }

    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        do throws(Refused) { try gate.admit(request) } catch { return error.answer(headers: [:]) }
        if let answer = SessionRoutes(registry: registry).answer(request, on: loop) { return answer }
        let allowed: [HTTPMethod] = request.path == "/log-level" ? [.GET, .HEAD, .PUT] : [.GET, .HEAD]
        guard allowed.contains(request.method) else {
            let names = allowed.map(\.rawValue).joined(separator: ", ")
            return .reply(
                Problem.reply(.methodNotAllowed, detail: "Use \(names) here.", headers: ["Allow": names]))
        }
        switch request.path {
        case "/metrics":
            let format = ExpositionFormat(accept: request.headers["Accept"].joined(separator: ","))
            return .reply(
                HTTPReply(
                    status: .ok, headers: ["Vary": "Accept"], type: format.contentType,
                    text: metrics.registry.render(format)))
        case "/livez": return .reply(Self.text("ok\n"))
        case "/readyz": return .reply(ready(isVerbose: QueryItems(request.query).contains("verbose")))
        case "/log-level": return .reply(logLevel(request))
        case "/usage": return usage(request, on: loop)
        default:
            return .reply(
                Problem.reply(
                    .notFound, detail: "Here are /metrics, /livez, /readyz, /sessions, /usage and /log-level."))
        }
    }

    func malformed(_ status: HTTPResponseStatus, words: String) -> HTTPReply {
        Problem.reply(.badRequest, detail: words, status: Int(status.code))
    }

    private static func text(_ text: String, status: HTTPResponseStatus = .ok) -> HTTPReply {
        HTTPReply(status: status, headers: ["Cache-Control": "no-store"], type: "text/plain", text: text)
    }

    // MARK: Health

    private func ready(isVerbose: Bool) -> HTTPReply {
        let readiness = health.readiness
        return Self.text(
            isVerbose ? readiness.verbose : readiness.brief, status: readiness.isReady ? .ok : .serviceUnavailable)
    }

    // MARK: Logs

    /// Tells the level; `PUT` changes it, until the next reload or restart.
    private func logLevel(_ request: HTTPRequestInfo) -> HTTPReply {
        guard let threshold else { return Problem.reply(.notFound, detail: "The log's level is fixed here.") }
        if request.method == .PUT {
            let words = String(decoding: request.body.readableBytesView, as: UTF8.self).split { $0.isWhitespace }
            guard words.count == 1, let level = words.first.flatMap({ LogSettings.Level(rawValue: String($0)) }) else {
                let levels = LogSettings.Level.allCases.map(\.rawValue).joined(separator: ", ")
                return Problem.reply(.badRequest, detail: "Send one of \(levels) as the body.")
            }
            threshold.level = level.logLevel
        }
        return Self.text("\(threshold.level)\n")
    }

    // MARK: Usage

    /// The report that `fennec-gateway usage report` prints, for those who may not read the ledger themselves.
    private func usage(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        guard let path = ledger?.path else {
            return .reply(Problem.reply(.notFound, detail: "No ledger is kept: usage.ledger names its file."))
        }
        let query = QueryItems(request.query)
        let by = query.values(of: "by").first ?? "day"
        guard let grouping = UsageReport.Grouping(rawValue: by) else {
            let names = UsageReport.Grouping.allCases.map(\.rawValue).joined(separator: ", ")
            return .reply(Problem.reply(.badRequest, detail: "by is one of \(names)."))
        }
        var since: Int64?
        if let text = query.values(of: "since").first {
            since = UsageSince.parse(text, now: WallClock.milliseconds) { _ in nil }
            guard since != nil else {
                return .reply(
                    Problem.reply(.badRequest, detail: "since is a day or a moment: 2026-01-31T09:30:00Z."))
            }
        }
        let (moment, price) = (since, ledger?.pricePerMinute)
        // Disks block.
        let report = NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            try LedgerReader(path: path).report(by: grouping, since: moment).json(price: price).text
        }
        return .later(
            report.map { .reply(HTTPReply(status: .ok, type: "application/json", text: $0)) }
                .flatMapErrorThrowing { error in
                    .reply(Problem.reply(.badRequest, detail: "\(error)", status: 503))
                })
    }
}
