import NIOCore
import NIOHTTP1

@testable import GatewayWire

/// A request for a stream, as the server's HTTP layer hands it over.
func request(query: String? = nil, _ headers: HTTPHeaders = [:]) -> HTTPRequestInfo {
    HTTPRequestInfo(
        method: .GET, path: "/api/v1/transcribe/stream", query: query, headers: headers, body: ByteBuffer(),
        isSecure: false, isWebSocketHandshake: true)
}
