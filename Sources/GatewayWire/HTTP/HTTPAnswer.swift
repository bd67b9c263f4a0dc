package import NIOCore
package import NIOHTTP1

/// What a route answers.
package enum HTTPAnswer: Sendable {
    /// A whole reply.
    case reply(HTTPReply)
    /// A whole reply, and the connection is closed at once: nothing more of it is read.
    case farewell(HTTPReply)
    /// 101 and a WebSocket; only for requests with `isWebSocketHandshake`, others are answered with 500.
    case upgrade(WebSocketAcceptance)
    /// The answer comes when the future does; reading pauses until then. A failure is answered with 500.
    case later(EventLoopFuture<HTTPAnswer>)
    /// Close the connection without a word; for simulated faults.
    case hangUp
}

/// A reply with its whole body. The server adds `Content-Length`, `Date` and, where needed, `Connection`.
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
    /// The reply to a request that the server refuses by itself, in its usual form: 400, 408, 413, 417, 426, 431 or
    /// 501, and 500 when a `later` failed. `words` say why and repeat nothing of the request. The server closes the
    /// connection after it, and names the version on a 426.
    func malformed(_ status: HTTPResponseStatus, words: String) -> HTTPReply
}

extension HTTPRoutes {
    package func malformed(_ status: HTTPResponseStatus, words: String) -> HTTPReply {
        HTTPReply(status: status, type: "text/plain", text: words + "\n")
    }
}
