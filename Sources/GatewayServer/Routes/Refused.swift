import FennecUpstream
import GatewayCore
import GatewayWire
import NIOHTTP1

/// A refusal with its words.
struct Refused: Error {
    let refusal: Refusal
    let detail: String
    /// Seconds.
    var retryAfter: Int?
    /// Whether the connection is closed at once.
    private var closes = false
    private var allow: String?

    init(_ refusal: Refusal, _ detail: String) {
        self.refusal = refusal
        self.detail = detail
    }

    /// No place for another session. The wait is drawn anew for each, so that clients do not return together.
    init(_ full: SessionRegistry.Full) {
        switch full {
        case .draining: self.init(.draining, "The gateway restarts; come back in a moment.")
        case .full: self.init(.full, "The gateway holds as many sessions as it may; come back later.")
        }
        retryAfter = Int.random(in: 1...5)
    }

    /// No upstream to be had.
    init(_ failure: UpstreamFailure) {
        self.init(.upstreamUnavailable, failure.ending.message)
        let wait = failure.ending.retryAfter(failure.retryAfter, jitter: .random(in: 0..<1)) ?? 1000
        retryAfter = (wait + 999) / 1000
    }

    /// A JWT whose issuer's keys are not there yet.
    init(withoutKeys: Void) {
        self.init(.upstreamUnavailable, "The keys of the token's issuer cannot be fetched; come back in a moment.")
        retryAfter = Int.random(in: 1...5)
    }

    /// A ticket that was not taken.
    init(_ failure: Ticket.Failure) {
        switch failure {
        case .expired: self.init(.credentialExpired, "The ticket has expired; get a new one.")
        case .invalid: self.init(.credentialInvalid, "The ticket is unknown, used, or another's; get a new one.")
        }
    }

    /// Too many failed credentials from one address.
    init(failuresUntil wait: Duration) {
        self.init(.tooManyFailures, "Too many credentials from your address have failed; wait before the next.")
        retryAfter = wait.retrySeconds
        closes = true
    }

    /// A method that is not for this path; `allow` lists those that are (RFC 9110 §10.2.1).
    init(allow: String) {
        self.init(.methodNotAllowed, "Use \(allow) here.")
        self.allow = allow
    }

    /// The problem document, with these headers besides.
    func reply(headers: HTTPHeaders) -> HTTPReply {
        var headers = headers
        if let allow { headers.add(name: "Allow", value: allow) }
        // RFC 9110 §11.6.1.
        if refusal.status == 401 { headers.add(name: "WWW-Authenticate", value: "Bearer") }
        return Problem.reply(refusal, detail: detail, retryAfter: retryAfter, headers: headers)
    }

    /// The same, as the last answer of its connection where that is closed.
    func answer(headers: HTTPHeaders) -> HTTPAnswer {
        let reply = reply(headers: headers)
        return closes ? .farewell(reply) : .reply(reply)
    }
}
