package import NIOCore
package import NIOHTTP1

/// What a route answers.
package enum HTTPAnswer: Sendable {
    /// A whole reply.
    case reply(HTTPReply)
    /// 101 and a WebSocket; only for requests with `isWebSocketHandshake`.
    case upgrade(WebSocketAcceptance)
    /// The answer comes when the future does, on the connection's event loop; reading pauses until then.
    case later(EventLoopFuture<HTTPAnswer>)
    /// Close the connection without a word; for simulated faults.
    case hangUp
}

/// A reply with its whole body. `Content-Length` and `Date`-free; the server adds `Connection` as needed.
package struct HTTPReply: Sendable {
    package var status: HTTPResponseStatus
    package var headers: HTTPHeaders
    package var body: ByteBuffer

    package init(status: HTTPResponseStatus, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A reply with a text body of the given media type.
    package init(status: HTTPResponseStatus, headers: HTTPHeaders = [:], type: String, text: String) {
        self.init(status: status, headers: headers, body: ByteBuffer(string: text))
        self.headers.replaceOrAdd(name: "Content-Type", value: type)
    }
}

/// How an upgraded connection goes on.
package struct WebSocketAcceptance: Sendable {
    /// The subprotocol to echo; `nil` for none.
    package var subprotocol: String?
    package var limits: WebSocketLimits
    /// Called on the connection's event loop once the 101 is written and the leg stands in the pipeline; it must set
    /// the leg's `owner`.
    package var opened: @Sendable (WebSocketLeg) -> Void

    package init(
        subprotocol: String? = nil, limits: WebSocketLimits = WebSocketLimits(),
        opened: @escaping @Sendable (WebSocketLeg) -> Void
    ) {
        self.subprotocol = subprotocol
        self.limits = limits
        self.opened = opened
    }
}

/// What a server does with requests. Called on the connection's event loop.
package protocol HTTPRoutes: AnyObject, Sendable {
    func answer(_ request: HTTPRequestInfo, on loop: any EventLoop) -> HTTPAnswer
}
