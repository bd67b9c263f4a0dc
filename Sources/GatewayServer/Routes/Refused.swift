import GatewayCore
import GatewayWire

/// A refusal with its words.
struct Refused: Error {
    let refusal: Refusal
    let detail: String
    var retryAfter: Int?

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

    func answer(_ request: HTTPRequestInfo, routes: PublicRoutes) -> HTTPAnswer {
        routes.refuse(refusal, detail, request, retryAfter: retryAfter)
    }
}
