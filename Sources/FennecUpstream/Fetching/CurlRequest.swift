import CCurl
import GatewayCore

/// An easy handle for one request, and all that it points to.
final class CurlRequest {
    /// libcurl does not take a setting.
    struct Refused: Error {
        let words: String
    }

    let easy: UnsafeMutableRawPointer
    private let sink: AnswerSink
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// A GET request over HTTP/1.1 whose answer goes to the sink; redirects are not followed.
    init(_ url: EndpointURL, sink: AnswerSink) throws(Refused) {
        guard let easy = curl_easy_init() else { throw Refused(words: "out of memory") }
        self.easy = easy
        self.sink = sink
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try set(CURLOPT_URL, url.description)
        try set(CURLOPT_USERAGENT, "fennec-gateway")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_FOLLOWLOCATION, 0)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        try check(fg_curl_set_sink(easy, CURLOPT_WRITEFUNCTION, AnswerSink.writeBody))
        try check(fg_curl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        try check(fg_curl_set_sink(easy, CURLOPT_HEADERFUNCTION, AnswerSink.writeHeader))
        try check(fg_curl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        try check(fg_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    /// Says how the connection is made.
    /// - Parameters:
    ///   - timeout: For all of it.
    ///   - caFile: Path of a PEM bundle that replaces the system trust store.
    func setTransport(
        timeout: Duration, connectTimeout: Duration, caFile: String?, proxy: ProxyChoice
    ) throws(Refused) {
        // 0 would mean no limit at all.
        try set(CURLOPT_TIMEOUT_MS, max(1, timeout.wholeMilliseconds))
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, connectTimeout.wholeMilliseconds))
        try set(CURLOPT_NOSIGNAL, 1)
        // A name server that does not answer must not hold up the thread when its transfer has timed out.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        // The proxy that a connection is tunnelled through must not see what is for its target.
        try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try setProxy(proxy)
        if let caFile {
            try set(CURLOPT_CAINFO, caFile)
            // Otherwise the folder that libcurl was built with would be trusted besides.
            try set(CURLOPT_CAPATH, nil)
        }
    }

    private func setProxy(_ choice: ProxyChoice) throws(Refused) {
        // A proxy sees where the request goes, never the request.
        try set(CURLOPT_HTTPPROXYTUNNEL, 1)
        switch choice {
        case .environment: break
        // An empty text keeps libcurl from looking into the environment.
        case .direct: try set(CURLOPT_PROXY, "")
        case .through(let proxy):
            let host = proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host
            try set(CURLOPT_PROXY, "http://\(host):\(proxy.port)")
            try set(CURLOPT_NOPROXY, "")
        }
    }

    /// The answer's status.
    var status: Int {
        var status = 0
        _ = fg_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// What libcurl says of a failure; a peer may have had a hand in it.
    func words(_ code: CURLcode) -> String {
        let own = String(cString: errorText)
        return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
    }

    func set(_ option: CURLoption, _ value: Int) throws(Refused) {
        try check(fg_curl_set_long(easy, option, value))
    }

    func set(_ option: CURLoption, _ value: String?) throws(Refused) {
        try check(fg_curl_set_string(easy, option, value))
    }

    func check(_ code: CURLcode) throws(Refused) {
        guard code == CURLE_OK else { throw Refused(words: String(cString: curl_easy_strerror(code))) }
    }
}
