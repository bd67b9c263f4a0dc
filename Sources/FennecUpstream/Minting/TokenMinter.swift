import GatewayCore

/// Asks the vendor for tokens: `POST` with the key in `X-API-Key`, over libcurl on a thread of its own, HTTP/1.1 only
/// (an HTTP/2 library keeps copies of the key that nobody wipes), connections reused, redirects never followed, TLS
/// 1.2 and up, proxies as libcurl finds them in the environment.
package final class TokenMinter: Sendable {
    private let inbox: MintInbox
    private let multi: CurlMulti

    /// Starts the thread; nothing is asked for yet.
    /// - Throws: `SecureHeapError`, `CurlUnavailable`.
    package init(settings: MinterSettings) throws {
        let inbox = MintInbox()
        let multi = try CurlMulti(mostConnections: settings.mostConnections)
        self.inbox = inbox
        self.multi = multi
        try CurlThread.start(name: "mint") { MintLoop(multi: multi, inbox: inbox, settings: settings).run() }
    }

    deinit { shutDown() }

    /// Asks for one token, once, from any thread.
    /// - Parameters:
    ///   - key: Goes with the request and is let go with its end.
    ///   - timeout: For all of it.
    ///   - completion: Called exactly once, on the minter's thread, where it must not block (after `shutDown`: at
    ///     once, on the caller's).
    @discardableResult
    package func mint(
        with key: Secret, timeout: Duration, completion: @escaping @Sendable (MintOutcome) -> Void
    ) -> MintID {
        let (id, isAccepted) = inbox.order(with: key, timeout: timeout, completion: completion)
        if isAccepted {
            multi.wakeUp()
        } else {
            completion(.failed(.cancelled))
        }
        return id
    }

    /// Asks for one token; cancelling the task cancels the request.
    package func mint(with key: Secret, timeout: Duration) async -> MintOutcome {
        let pending = PendingMint(minter: self)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                pending.begin(mint(with: key, timeout: timeout) { continuation.resume(returning: $0) })
            }
        } onCancel: {
            pending.cancel()
        }
    }

    /// Gives up a request. Its completion is still called, with `.cancelled` unless the answer came first.
    package func cancel(_ id: MintID) {
        inbox.cancel(id)
        multi.wakeUp()
    }

    /// Returns once the minter's thread has answered; while it is held up, not at all.
    package func hear() async {
        await withCheckedContinuation { continuation in
            inbox.call { continuation.resume() }
            multi.wakeUp()
        }
    }

    /// Cancels what is open, closes the connections and ends the thread, soon.
    package func shutDown() {
        inbox.close()
        multi.wakeUp()
    }
}
