import GatewayCore
import NIOCore
import Synchronization

/// Gives out and takes tickets: the shell around `TicketBook`, with the clock and the system's random bytes.
final class TicketOffice: Sendable {
    private let book: Mutex<TicketBook>

    init(lifetime: Duration) {
        book = Mutex(TicketBook(lifetime: lifetime))
    }

    /// How long tickets last that are issued from now on.
    var lifetime: Duration {
        get { book.withLock { $0.lifetime } }
        set { book.withLock { $0.lifetime = newValue } }
    }

    /// A ticket, good for one policy or for whichever the holder's rule gives out, and the whole seconds that it
    /// lasts.
    func issue(to holder: TicketBook.Holder, policy: String? = nil) -> (ticket: String, seconds: Int) {
        let random = (0..<4).flatMap { _ in withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) } }
        return book.withLock { book in
            let ticket = book.issue(to: holder, policy: policy, random: random, now: Self.now)
            return (ticket, Int(book.lifetime.components.seconds))
        }
    }

    /// The policy that a ticket is bound to, if any; it stays good.
    func check(_ ticket: String, by holder: TicketBook.Holder) throws(TicketBook.Failure) -> String? {
        try book.withLock { book throws(TicketBook.Failure) in try book.check(ticket, by: holder, now: Self.now) }
    }

    /// Uses a ticket up.
    func redeem(_ ticket: String, by holder: TicketBook.Holder) throws(TicketBook.Failure) {
        try book.withLock { book throws(TicketBook.Failure) in try book.redeem(ticket, by: holder, now: Self.now) }
    }

    private static var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }
}
