import CCurl
import GatewayCore

/// One request to the token endpoint.
final class MintTransfer {
    let order: MintOrder
    private let request: CurlRequest
    private let sink = AnswerSink(capacity: MintFailure.largestAnswer)
    private var headers: UnsafeMutablePointer<curl_slist>?

    var easy: UnsafeMutableRawPointer { request.easy }

    /// A request that is ready to be added to a multi handle.
    /// - Throws: `MintFailure.internal` when memory or the secure heap is short.
    init(_ order: MintOrder, settings: MinterSettings) throws {
        self.order = order
        do throws(CurlRequest.Refused) {
            request = try CurlRequest(settings.tokenURL, sink: sink)
            try request.set(CURLOPT_POST, 1)
            try request.set(CURLOPT_POSTFIELDSIZE, 2)
            try request.set(CURLOPT_COPYPOSTFIELDS, "{}")
            try request.setTransport(
                timeout: ContinuousClock.now.duration(to: order.deadline), connectTimeout: settings.connectTimeout,
                caFile: settings.caFile, proxy: settings.proxy.onTheWay(to: settings.tokenURL))
        } catch {
            throw MintFailure.internal(error.words)
        }
        try setHeaders(order.key)
    }

    deinit { curl_slist_free_all(headers) }

    /// What the ended transfer amounts to.
    func result(_ code: CURLcode) -> Result<UpstreamToken, MintFailure> {
        guard code == CURLE_OK else {
            return .failure(
                sink.hasOverflowed ? .bodyTooLarge : CurlFailure.failure(code, words: request.words(code)))
        }
        var retryAfter: curl_off_t = 0
        _ = fg_curl_get_offset(easy, CURLINFO_RETRY_AFTER, &retryAfter)
        return MintAnswer(status: request.status, retryAfter: retryAfter, body: sink.body).result
    }

    /// The key's line is put together in the secure heap; libcurl's copies of it end with this transfer, wiped.
    private func setHeaders(_ key: Secret) throws {
        let line: Secret
        do {
            line = try KeyHeader.line(key)
        } catch {
            throw MintFailure.internal("\(error)")
        }
        try line.withBytes { try append($0.bindMemory(to: CChar.self).baseAddress) }
        try append("Content-Type: application/json")
        try append("Accept: application/json")
        do throws(CurlRequest.Refused) {
            try request.check(fg_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers))
        } catch {
            throw MintFailure.internal(error.words)
        }
    }

    private func append(_ line: UnsafePointer<CChar>?) throws {
        guard let longer = curl_slist_append(headers, line) else { throw MintFailure.internal("out of memory") }
        headers = longer
    }
}
