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
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = maxHeadBytes
        limits.maxHeaderListSize = maxHeadBytes
        decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
    }
}
