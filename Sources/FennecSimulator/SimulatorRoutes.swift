import GatewayWire
import NIOCore
import NIOHTTP1

/// The two endpoints of the vendor.
final class SimulatorRoutes: HTTPRoutes {
    private let context: StreamContext

    init(_ context: StreamContext) { self.context = context }

    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        switch request.path {
        case Simulator.tokenPath:
            guard request.method == .POST else { return .problem(.methodNotAllowed, "use POST") }
            return mint(request, on: loop)
        case Simulator.streamPath:
            guard request.isWebSocketHandshake else { return .problem(.upgradeRequired, "use a WebSocket") }
            return open(request, on: loop)
        default:
            return .problem(.notFound, "no such endpoint")
        }
    }

    private func mint(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        let answer = mintAnswer(request, on: loop)
        return answer.delayed(by: context.configuration.mintLatency, on: loop)
    }

    private func mintAnswer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        if let fault = context.log.nextFault(.mint)?.mintAnswer(on: loop) {
            context.log.count { $0.mintsRefused += 1 }
            return fault
        }
        let keys = request.headers["X-API-Key"]
        guard keys.count == 1, !keys[0].isEmpty, keys[0] == context.configuration.apiKey ?? keys[0] else {
            context.log.count { $0.mintsRefused += 1 }
            return .problem(.unauthorized, "invalid API key")
        }
        return .json(.ok, ["token": .string(context.log.mint())])
    }

    private func open(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        let answer = openAnswer(request, on: loop)
        return answer.delayed(by: context.configuration.connectLatency, on: loop)
    }

    private func openAnswer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer {
        if let fault = context.log.nextFault(.upgrade)?.upgradeAnswer(on: loop) {
            context.log.count { $0.upgradesRefused += 1 }
            return fault
        }
        let query = StreamQuery(request.query)
        do throws(TokenBook.Refusal) {
            return accept(request, query, token: try context.log.redeem(query.token))
        } catch {
            context.log.count {
                $0.upgradesRefused += 1
                $0.tokensRefused += 1
            }
            return .problem(.unauthorized, "token \(error.rawValue)")
        }
    }

    private func accept(_ request: HTTPRequestInfo, _ query: StreamQuery, token: Int) -> HTTPAnswer {
        let context = context
        let target = request.path + (request.query.map { "?" + $0 } ?? "")
        let headers = request.headers.map { (name: $0.name, value: $0.value) }
        let acceptance = WebSocketAcceptance { leg in
            let number = context.log.open(token: token, target: target, headers: headers)
            let files = context.configuration.recordDirectory.map { SessionFiles(directory: $0, number: number) }
            files?.request(target: target, headers: headers)
            leg.owner = StreamSession(
                leg: leg, context: context, number: number, files: files, fault: context.log.nextFault(.open),
                wantsThoughts: query.detectsThoughts)
        }
        return .upgrade(acceptance)
    }
}
