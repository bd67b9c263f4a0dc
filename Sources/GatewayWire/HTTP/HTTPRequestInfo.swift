package import NIOCore
package import NIOHTTP1

/// One request, whole, after the strict checks of this layer (RFC 9112): HTTP/1.1, one `Host`, a path that begins
/// with `/`.
package struct HTTPRequestInfo: Sendable {
    package var method: HTTPMethod
    /// The path as sent, without the query; never percent-decoded.
    package var path: String
    /// What stands behind `?`, as sent; never logged.
    package var query: String?
    package var headers: HTTPHeaders
    package var body: ByteBuffer
    /// The peer of the connection.
    package var remoteAddress: SocketAddress?
    /// The address that the peer connected to.
    package var localAddress: SocketAddress?
    /// What a proxy said in front of the connection; `nil` where the listener's gate asks for nothing.
    package var announced: ProxyAnnouncement?
    /// Whether the connection is TLS.
    package var isSecure: Bool
    /// What the client showed of itself to a TLS listener that asks for certificates; it has been verified.
    package var clientCertificate: PeerCertificate?
    /// Whether the request is a well-formed WebSocket handshake (RFC 6455 §4.2.1), so that `.upgrade` may answer it.
    package var isWebSocketHandshake: Bool
}
