import CCurl
import GatewayCore

/// One request to the token endpoint: an easy handle and all that it points to.
final class MintTransfer {
    let order: MintOrder
    let easy: UnsafeMutableRawPointer
    private let sink = AnswerSink()
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// A request that is ready to be added to a multi handle.
    /// - Throws: `MintFailure.internal` when memory or the secure heap is short.
    init(_ order: MintOrder, settings: MinterSettings) throws {
        guard let easy = curl_easy_init() else { throw MintFailure.internal("out of memory") }
        self.order = order
        self.easy = easy
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try setRequest(settings)
        try setTransport(settings)
        try setHeaders(order.key)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// What the ended transfer amounts to.
    func result(_ code: CURLcode) -> Result<UpstreamToken, MintFailure> {
        guard code == CURLE_OK else {
            return .failure(sink.hasOverflowed ? .bodyTooLarge : CurlFailure.failure(code, words: words(code)))
        }
        var status = 0
        var retryAfter: curl_off_t = 0
        _ = fg_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        _ = fg_curl_get_offset(easy, CURLINFO_RETRY_AFTER, &retryAfter)
        return MintAnswer(status: status, retryAfter: retryAfter, body: sink.body).result
    }

    private func words(_ code: CURLcode) -> String {
        let own = String(cString: errorText)
        return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    }

    private func setRequest(_ settings: MinterSettings) throws {
        try check(fg_curl_set_string(easy, CURLOPT_URL, settings.tokenURL.description))
        try set(CURLOPT_POST, 1)
        try set(CURLOPT_POSTFIELDSIZE, 2)
        try check(fg_curl_set_string(easy, CURLOPT_COPYPOSTFIELDS, "{}"))
        try check(fg_curl_set_string(easy, CURLOPT_USERAGENT, "fennec-gateway"))
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_FOLLOWLOCATION, 0)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        try check(fg_curl_set_sink(easy, CURLOPT_WRITEFUNCTION, AnswerSink.writeBody))
        try check(fg_curl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        try check(fg_curl_set_sink(easy, CURLOPT_HEADERFUNCTION, AnswerSink.writeHeader))
        try check(fg_curl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        try check(fg_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    }

    private func setTransport(_ settings: MinterSettings) throws {
        let left = ContinuousClock.now.duration(to: order.deadline)
        // 0 would mean no limit at all.
        try set(CURLOPT_TIMEOUT_MS, max(1, left.wholeMilliseconds))
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, settings.connectTimeout.wholeMilliseconds))
        try set(CURLOPT_NOSIGNAL, 1)
        // A name server that does not answer must not hold up the thread when its transfer has timed out.
        try set(CURLOPT_QUICK_EXIT, 1)
        try check(fg_curl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        // The proxy that a connection is tunnelled through must not see the key.
        try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try setProxy(settings.proxy.onTheWay(to: settings.tokenURL))
        if let caFile = settings.caFile {
            try check(fg_curl_set_string(easy, CURLOPT_CAINFO, caFile))
        }
    }

    private func setProxy(_ choice: ProxyChoice) throws {
        // A proxy sees where the request goes, never the request.
        try set(CURLOPT_HTTPPROXYTUNNEL, 1)
        switch choice {
        case .environment: break
        // An empty text keeps libcurl from looking into the environment.
        case .direct: try check(fg_curl_set_string(easy, CURLOPT_PROXY, ""))
        case .through(let proxy):
            let host = proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host
            try check(fg_curl_set_string(easy, CURLOPT_PROXY, "http://\(host):\(proxy.port)"))
            try check(fg_curl_set_string(easy, CURLOPT_NOPROXY, ""))
        }
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
        try check(fg_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers))
    }

    private func append(_ line: UnsafePointer<CChar>?) throws {
        guard let longer = curl_slist_append(headers, line) else { throw MintFailure.internal("out of memory") }
        headers = longer
    }

    private func set(_ option: CURLoption, _ value: Int) throws {
        try check(fg_curl_set_long(easy, option, value))
    }

    private func check(_ code: CURLcode) throws {
        guard code == CURLE_OK else { throw MintFailure.internal(String(cString: curl_easy_strerror(code))) }
    }
}
