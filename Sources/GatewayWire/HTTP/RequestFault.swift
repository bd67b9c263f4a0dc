import NIOHTTP1

/// Why the server answers a request by itself, without asking the routes.
struct RequestFault: Error, Equatable {
    var status: HTTPResponseStatus
    var words: String

    static func badRequest(_ words: String) -> RequestFault {
        RequestFault(status: .badRequest, words: words)
    }

    static let headTooLarge = RequestFault(
        status: .requestHeaderFieldsTooLarge, words: "the request head is too large")
    static let bodyTooLarge = RequestFault(status: .payloadTooLarge, words: "the request body is too large")
    static let timedOut = RequestFault(status: .requestTimeout, words: "the request did not come in time")
    static let malformed = badRequest("the request is malformed")
}
