import NIOCore
import NIOHTTP1

/// The handlers around an `HTTPConnection` that leave when it becomes a WebSocket.
struct HTTPCodec {
    let watch: HeadWatch
    let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    let encoder = HTTPResponseEncoder()

    /// A strict parser with bounds for the fields of a head.
    init(maxHeadBytes: Int) {
        watch = HeadWatch(maxHeadBytes: maxHeadBytes)
        decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: .head(maxHeadBytes)))
    }
}

extension NIOHTTPDecoderLimitConfiguration {
    /// Bounds for the fields of a head of this many bytes.
    static func head(_ maxBytes: Int) -> NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = maxBytes
        limits.maxHeaderListSize = maxBytes
        return limits
    }
}
