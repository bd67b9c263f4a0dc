import GatewayCore
import NIOCore
import Synchronization

/// Gives out and takes tickets: the shell around `TicketBook`, with the clock and the system's random bytes.
final class TicketOffice: Sendable {
    private let book: Mutex<TicketBook>
    private let lifetime: Duration

    init(lifetime: Duration) {
        self.lifetime = lifetime
        book = Mutex(TicketBook(lifetime: lifetime))
    }

    /// A ticket, and the whole seconds that it lasts.
    func issue(to holder: TicketBook.Holder) -> (ticket: String, seconds: Int) {
        let random = (0..<4).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } }
        let ticket = book.withLock { $0.issue(to: holder, random: random, now: Self.now) }
        return (ticket, Int(lifetime.components.seconds))
    }

    /// Uses a ticket up.
    func redeem(_ ticket: String, by holder: TicketBook.Holder) throws(TicketBook.Failure) {
        try book.withLock { book throws(TicketBook.Failure) in try book.redeem(ticket, by: holder, now: Self.now) }
    }

    private static var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }
}
