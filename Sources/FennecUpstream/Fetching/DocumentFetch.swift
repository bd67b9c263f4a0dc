import CCurl
package import GatewayCore

/// Gets small public documents over HTTPS, such as an identity provider's keys: one request on a thread of its own,
/// TLS 1.2 and up, redirects never followed, proxies as libcurl finds them in the environment.
package enum DocumentFetch {
    /// Why there is no document.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }

    /// The body of an answer with status 200.
    /// - Parameters:
    ///   - caFile: Path of a PEM bundle that replaces the system trust store.
    ///   - limit: The largest body that is taken, in bytes.
    ///   - timeout: For all of it.
    package static func get(
        _ url: EndpointURL, caFile: String?, limit: Int, timeout: Duration
    ) async -> Result<[UInt8], Failure> {
        await withCheckedContinuation { continuation in
            do {
                try CurlLibrary.initialise()
                try CurlThread.start(name: "fetch") {
                    continuation.resume(
                        returning: perform(url, caFile: caFile, limit: limit, timeout: timeout))
                }
            } catch {
                continuation.resume(returning: .failure(Failure("\(error)")))
            }
        }
    }

    private static func perform(
        _ url: EndpointURL, caFile: String?, limit: Int, timeout: Duration
    ) -> Result<[UInt8], Failure> {
        let sink = AnswerSink(capacity: limit)
        do throws(CurlRequest.Refused) {
            let request = try CurlRequest(url, sink: sink)
            try request.setTransport(
                timeout: timeout, connectTimeout: timeout, caFile: caFile,
                proxy: ProxyChoice.environment.onTheWay(to: url))
            let code = curl_easy_perform(request.easy)
            guard code == CURLE_OK else {
                let words = sink.hasOverflowed ? "the answer is larger than \(limit) bytes" : request.words(code)
                return .failure(Failure(CurlFailure.harmless(words)))
            }
            let status = request.status
            return status == 200 ? .success(Array(sink.body)) : .failure(Failure("the answer has status \(status)"))
        } catch {
            return .failure(Failure(error.words))
        }
    }
}
