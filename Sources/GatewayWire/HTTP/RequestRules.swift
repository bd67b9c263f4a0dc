import NIOCore
import NIOHTTP1

/// The rules for a request's head that the parser leaves to the server (RFC 9110, RFC 9112).
struct RequestRules {
    /// Largest request head, in bytes.
    var maxHeadBytes: Int
    /// Largest request body, in bytes.
    var maxBodyBytes: Int

    /// What a head asks for.
    struct Verdict {
        var target: RequestTarget
        /// The headers with `Host` taken from the target where that rules (RFC 9112 §3.2.2).
        var headers: HTTPHeaders
        var isWebSocketHandshake: Bool
        /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
        var awaitsContinue: Bool
    }

    /// Judges a head; throws what is wrong with it.
    func judge(_ head: HTTPRequestHead) throws(RequestFault) -> Verdict {
        guard size(of: head) <= maxHeadBytes else { throw .headTooLarge }
        guard head.version == .http1_1 else { throw .badRequest("HTTP/1.1 is required") }
        var headers = head.headers
        let hosts = headers["Host"]
        guard hosts.count == 1 else { throw .badRequest("exactly one Host header is required") }
        guard HostSyntax.isValid(hosts[0]) else { throw .badRequest("the Host header is malformed") }
        guard let target = RequestTarget(head.uri), target != .asterisk || head.method == .OPTIONS else {
            throw .badRequest("the request target is malformed")
        }
        if case .resource(_, _, let authority?) = target {
            guard HostSyntax.isValid(authority) else { throw .badRequest("the request target is malformed") }
            headers.replaceOrAdd(name: "Host", value: authority)
        }
        let bodyBytes = try bodyLength(headers)
        let isHandshake = try WebSocketHandshake.isHandshake(head, hasBody: bodyBytes != 0)
        let awaitsContinue = try expectsContinue(headers) && bodyBytes != 0
        return Verdict(
            target: target, headers: headers, isWebSocketHandshake: isHandshake, awaitsContinue: awaitsContinue)
    }

    /// What the head takes on the wire, at least: optional space is not counted.
    private func size(of head: HTTPRequestHead) -> Int {
        let line = head.method.rawValue.utf8.count + head.uri.utf8.count + 12
        return head.headers.reduce(line + 2) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    }

    /// The announced length of the body; `nil` when it comes in chunks. The parser has refused both at once, and
    /// lengths that differ.
    private func bodyLength(_ headers: HTTPHeaders) throws(RequestFault) -> Int? {
        let codings = headers[canonicalForm: "Transfer-Encoding"]
        guard codings.isEmpty else {
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw RequestFault(status: .notImplemented, words: "only the chunked transfer coding is understood")
            }
            return nil
        }
        guard let text = headers.first(name: "Content-Length") else { return 0 }
        guard let length = Int(text), length >= 0 else { throw .badRequest("the Content-Length is malformed") }
        guard length <= maxBodyBytes else { throw .bodyTooLarge }
        return length
    }

    private func expectsContinue(_ headers: HTTPHeaders) throws(RequestFault) -> Bool {
        let expectations = headers[canonicalForm: "Expect"]
        guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw RequestFault(status: .expectationFailed, words: "the expectation is unknown")
        }
        return !expectations.isEmpty
    }
}
