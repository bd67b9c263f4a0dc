import GatewayCore

/// A whole answer of the token endpoint.
struct MintAnswer {
    /// A longer wait than this is not believed.
    private static let longestWait: Duration = .seconds(3600)

    let status: Int
    /// Seconds, as libcurl reads both forms of `Retry-After`; 0 or less when there is none.
    let retryAfter: Int
    let body: UnsafeRawBufferPointer

    var result: Result<UpstreamToken, MintFailure> {
        switch status {
        case 200...299: token
        case 401, 403: .failure(.unauthorized(status: status))
        case 429: .failure(.rateLimited(retryAfter: wait))
        case 500...599: .failure(.serverError(status: status))
        default: .failure(.unexpectedStatus(status))
        }
    }

    private var wait: Duration? {
        retryAfter > 0 ? min(.seconds(retryAfter), Self.longestWait) : nil
    }

    private var token: Result<UpstreamToken, MintFailure> {
        guard let answer = try? JSONValue(parsing: body) else { return .failure(.notJSON) }
        guard let text = answer.object?["token"]?.string, let token = UpstreamToken(text) else {
            return .failure(.noToken)
        }
        return .success(token)
    }
}
