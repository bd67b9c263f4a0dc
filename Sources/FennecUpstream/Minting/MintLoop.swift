import CCurl

/// What the minter's thread does, and what only it touches.
final class MintLoop {
    private struct Waiting {
        let order: MintOrder
        let attempt: Int
        let due: ContinuousClock.Instant
    }

    /// The longest wait with nothing to do; `wakeUp` ends it earlier.
    private static let longestWait: Duration = .seconds(30)

    private let multi: CurlMulti
    private let inbox: MintInbox
    private let settings: MinterSettings
    private var transfers: [UnsafeMutableRawPointer: MintTransfer] = [:]
    private var waiting: [Waiting] = []

    init(multi: CurlMulti, inbox: MintInbox, settings: MinterSettings) {
        self.multi = multi
        self.inbox = inbox
        self.settings = settings
    }

    /// Serves the inbox until it is closed; then cancels what is left.
    func run() {
        while true {
            let news = inbox.take()
            for order in news.orders { start(order, attempt: 1, key: news.key) }
            for id in news.cancelled { cancel(id) }
            if news.isClosed { return cancelAll() }
            startDue(key: news.key)
            multi.perform()
            while let (easy, result) = multi.nextFinished() { finish(easy, result) }
            multi.poll(atMost: timeToNextDue())
        }
    }

    private func start(_ order: MintOrder, attempt: Int, key: Secret) {
        guard ContinuousClock.now < order.deadline else { return order.completion(.failed(.timedOut)) }
        do {
            let transfer = try MintTransfer(order, attempt: attempt, key: key, settings: settings)
            guard multi.add(transfer.easy) else { throw MintFailure.internal("libcurl took no more transfers") }
            transfers[transfer.easy] = transfer
        } catch {
            order.completion(.failed(error as? MintFailure ?? .internal("\(error)")))
        }
    }

    private func startDue(key: Secret) {
        let now = ContinuousClock.now
        let due = waiting.filter { $0.due <= now }
        waiting.removeAll { $0.due <= now }
        for one in due { start(one.order, attempt: one.attempt, key: key) }
    }

    private func finish(_ easy: UnsafeMutableRawPointer, _ code: CURLcode) {
        guard let transfer = remove(easy) else { return }
        let order = transfer.order
        let now = ContinuousClock.now
        switch transfer.result(code) {
        case .success(let token):
            order.completion(.token(token, milliseconds: order.began.duration(to: now).milliseconds))
        case .failure(let failure):
            let pause = MintRetry.pause(
                after: failure, attempt: transfer.attempt, remaining: now.duration(to: order.deadline),
                jitter: settings.jitter())
            guard let pause else { return order.completion(.failed(failure)) }
            waiting.append(Waiting(order: order, attempt: transfer.attempt + 1, due: now.advanced(by: pause)))
        }
    }

    private func remove(_ easy: UnsafeMutableRawPointer) -> MintTransfer? {
        guard let transfer = transfers.removeValue(forKey: easy) else { return nil }
        multi.remove(easy)
        return transfer
    }

    private func cancel(_ id: MintID) {
        if let easy = transfers.first(where: { $0.value.order.id == id })?.key, let transfer = remove(easy) {
            transfer.order.completion(.failed(.cancelled))
        } else if let index = waiting.firstIndex(where: { $0.order.id == id }) {
            waiting.remove(at: index).order.completion(.failed(.cancelled))
        }
    }

    private func cancelAll() {
        for easy in transfers.keys { remove(easy)?.order.completion(.failed(.cancelled)) }
        for one in waiting { one.order.completion(.failed(.cancelled)) }
        waiting = []
    }

    private func timeToNextDue() -> Duration {
        guard let due = waiting.map(\.due).min() else { return Self.longestWait }
        return min(ContinuousClock.now.duration(to: due), Self.longestWait)
    }
}
