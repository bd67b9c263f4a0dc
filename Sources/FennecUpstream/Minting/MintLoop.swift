import CCurl
import GatewayCore

/// What the minter's thread does, and what only it touches.
final class MintLoop {
    /// The longest wait with nothing to do; `wakeUp` ends it earlier.
    private static let longestWait: Duration = .seconds(30)

    private let multi: CurlMulti
    private let inbox: MintInbox
    private let settings: MinterSettings
    private var transfers: [UnsafeMutableRawPointer: MintTransfer] = [:]

    init(multi: CurlMulti, inbox: MintInbox, settings: MinterSettings) {
        self.multi = multi
        self.inbox = inbox
        self.settings = settings
    }

    /// Serves the inbox until it is closed; then cancels what is left.
    func run() {
        while serve() {
            multi.perform()
            while let (easy, result) = multi.nextFinished() { finish(easy, result) }
            multi.poll(atMost: Self.longestWait)
        }
        for easy in transfers.keys { remove(easy)?.order.completion(.failed(.cancelled)) }
    }

    /// Takes the news, which must be forgotten before the wait: orders hold keys. False when the inbox is closed.
    private func serve() -> Bool {
        let news = inbox.take()
        for order in news.orders { start(order) }
        for id in news.cancelled { cancel(id) }
        for call in news.calls { call() }
        return !news.isClosed
    }

    private func start(_ order: MintOrder) {
        guard ContinuousClock.now < order.deadline else { return order.completion(.failed(.timedOut)) }
        do {
            let transfer = try MintTransfer(order, settings: settings)
            guard multi.add(transfer.easy) else { throw MintFailure.internal("libcurl took no more transfers") }
            transfers[transfer.easy] = transfer
        } catch {
            order.completion(.failed(error as? MintFailure ?? .internal("\(error)")))
        }
    }

    private func finish(_ easy: UnsafeMutableRawPointer, _ code: CURLcode) {
        guard let transfer = remove(easy) else { return }
        let order = transfer.order
        switch transfer.result(code) {
        case .success(let token):
            order.completion(.token(token, milliseconds: order.began.duration(to: .now).milliseconds))
        case .failure(let failure): order.completion(.failed(failure))
        }
    }

    private func remove(_ easy: UnsafeMutableRawPointer) -> MintTransfer? {
        guard let transfer = transfers.removeValue(forKey: easy) else { return nil }
        multi.remove(easy)
        return transfer
    }

    private func cancel(_ id: MintID) {
        guard let easy = transfers.first(where: { $0.value.order.id == id })?.key else { return }
        remove(easy)?.order.completion(.failed(.cancelled))
    }
}
