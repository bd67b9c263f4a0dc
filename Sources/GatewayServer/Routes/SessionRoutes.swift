import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1

/// The part of the admin surface that shows sessions and ends them.
struct SessionRoutes {
    let registry: SessionRegistry

    /// The answer for `/sessions` and what lies below; `nil` for other paths.
    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer? {
        guard request.path == "/sessions" || request.path.hasPrefix("/sessions/") else { return nil }
        switch (request.method, request.path) {
        case (.GET, "/sessions"), (.HEAD, "/sessions"): return list(request, on: loop)
        case (.POST, "/sessions/drain"): return drain(request, on: loop)
        case (.DELETE, _) where request.path != "/sessions":
            return kill(id: String(request.path.dropFirst("/sessions/".utf8.count)))
        default:
            let allowed =
                switch request.path {
                case "/sessions": "GET, HEAD"
                case "/sessions/drain": "POST"
                default: "DELETE"
                }
            return .reply(
                Problem.reply(.methodNotAllowed, detail: "Use \(allowed) here.", headers: ["Allow": allowed]))
        }
    }

    /// All sessions, or those of one client (`?client=`).
    private func list(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        let client = client(of: request)
        return each(on: loop) { session in
            client == nil || session.admitted.client == client ? session.snapshot : nil
        } answer: { sessions in
            ["sessions": .array(sessions)]
        }
    }

    /// Ends sessions after their last words, as a restart does: their clients come back at once.
    private func drain(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        // A form of another site can send a POST, but not of this type, before it has asked and been refused.
        guard request.headers[canonicalForm: "Content-Type"].contains("application/json") else {
            return .reply(
                Problem.reply(.badRequest, detail: "Send Content-Type: application/json, which no form can."))
        }
        let client = client(of: request)
        return each(on: loop) { session in
            guard client == nil || session.admitted.client == client, session.machine.state != .closed else {
                return nil
            }
            session.handle(.endRequested(.restart))
            return .string(session.id)
        } answer: { ids in
            ["draining": .array(ids)]
        }
    }

    private func kill(id: String) -> HTTPAnswer {
        guard let session = registry.session(id: id) else {
            return .reply(Problem.reply(.notFound, detail: "There is no such session; GET /sessions lists them."))
        }
        session.eventLoop.execute { session.value.handle(.killRequested(.killed)) }
        return .reply(HTTPReply(status: .noContent))
    }

    private func client(of request: HTTPRequestInfo) -> String? {
        QueryItems(request.query).values(of: "client").first
    }

    /// Asks every session on its own event loop.
    private func each(
        on loop: any EventLoop, _ ask: @escaping @Sendable (RelaySession) -> JSONValue?,
        answer: @escaping @Sendable ([JSONValue]) -> JSONValue
    ) -> HTTPAnswer {
        let answers = registry.live.map { session in session.eventLoop.submit { ask(session.value) } }
        return .later(
            EventLoopFuture.whenAllSucceed(answers, on: loop).map { found in
                .reply(
                    HTTPReply(
                        status: .ok, headers: ["Cache-Control": "no-store"], type: "application/json",
                        text: answer(found.compactMap(\.self)).text))
            })
    }
}
