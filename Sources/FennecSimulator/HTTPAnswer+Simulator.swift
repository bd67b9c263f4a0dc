import GatewayWire
import NIOCore
import NIOHTTP1

extension HTTPAnswer {
    /// A JSON reply.
    static func json(_ status: HTTPResponseStatus, _ value: JSONValue) -> HTTPAnswer {
        .reply(HTTPReply(status: status, type: "application/json", text: value.text))
    }

    /// A JSON reply that says what is wrong.
    static func problem(_ status: HTTPResponseStatus, _ problem: String) -> HTTPAnswer {
        json(status, ["error": .string(problem)])
    }

    /// No answer for an hour, or until the loop ends.
    static func hang(on loop: any EventLoop) -> HTTPAnswer { HTTPAnswer.hangUp.delayed(by: .hours(1), on: loop) }

    /// The same answer, later.
    func delayed(by time: TimeAmount, on loop: any EventLoop) -> HTTPAnswer {
        guard time > .zero else { return self }
        return .later(loop.scheduleTask(in: time) { self }.futureResult)
    }
}

extension SimulatorFault.Kind {
    /// What a token request gets; `nil` for faults of other stages.
    func mintAnswer(on loop: any EventLoop) -> HTTPAnswer? {
        switch self {
        case .mintStatus(let status, let retryAfter):
            var reply = HTTPReply(status: .init(statusCode: status), type: "application/json", text: "{}")
            if let retryAfter { reply.headers.add(name: "Retry-After", value: String(retryAfter)) }
            return .reply(reply)
        case .mintHang: return .hang(on: loop)
        case .mintHangUp: return .hangUp
        case .mintGarbage:
            let bytes = ByteBuffer(bytes: [0xFF, 0x00, 0xFE, 0x80, 0xC0])
            return .reply(HTTPReply(status: .ok, headers: ["Content-Type": "application/json"], body: bytes))
        case .mintNotJSON: return .reply(HTTPReply(status: .ok, type: "text/html", text: "<html>sign in</html>"))
        case .mintEmptyToken: return .json(.ok, ["token": ""])
        case .mintNoToken: return .json(.ok, ["ok": true])
        default: return nil
        }
    }

    /// What a handshake gets; `nil` for faults of other stages.
    func upgradeAnswer(on loop: any EventLoop) -> HTTPAnswer? {
        switch self {
        case .upgradeStatus(let status): .problem(.init(statusCode: status), "simulated refusal")
        case .upgradeHang: .hang(on: loop)
        case .upgradeHangUp: .hangUp
        case .upgradeRedirect:
            .reply(HTTPReply(status: .found, headers: ["Location": "/elsewhere"], type: "text/plain", text: ""))
        default: nil
        }
    }
}
