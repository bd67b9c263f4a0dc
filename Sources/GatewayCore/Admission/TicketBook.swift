/// The gateway's own tickets: random, short-lived, each good for one connection. Held in memory, bounded.
package struct TicketBook: Sendable {
    /// Every ticket begins so; a credential without it is none of ours.
    package static let prefix = "fgt_"

    /// Why a ticket was not taken.
    package enum Failure: Error, Sendable, Equatable {
        /// Unknown, used before, or issued to another.
        case invalid
        case expired
    }

    /// Whom a ticket was issued to; the same must hold where it is used.
    package struct Holder: Sendable, Equatable {
        /// The name of the access rule.
        package var rule: String
        package var origin: String?

        package init(rule: String, origin: String?) {
            self.rule = rule
            self.origin = origin
        }
    }

    private struct Entry: Sendable {
        var holder: Holder
        var expires: Duration
    }

    private var entries: [String: Entry] = [:]
    /// Tickets in the order of their issue, which is that of their expiry.
    private var order: [String] = []
    private var oldest = 0
    private let lifetime: Duration
    private let most: Int

    /// - Parameter most: The most tickets at once; beyond it the oldest goes.
    package init(lifetime: Duration, most: Int = 10_000) {
        self.lifetime = lifetime
        self.most = most
    }

    /// How many tickets are good or not yet forgotten.
    package var count: Int { entries.count }

    /// Issues a ticket.
    /// - Parameters:
    ///   - random: 32 bytes from the system's generator.
    ///   - now: Time since any fixed moment, on a clock that never goes back.
    package mutating func issue(to holder: Holder, random: [UInt8], now: Duration) -> String {
        forget(before: now - lifetime)
        if entries.count >= most { dropOldest() }
        let ticket = Self.prefix + Base64URL.encode(random)
        entries[ticket] = Entry(holder: holder, expires: now + lifetime)
        order.append(ticket)
        return ticket
    }

    /// Takes a ticket, which is used up by it.
    package mutating func redeem(_ ticket: String, by holder: Holder, now: Duration) throws(Failure) {
        guard let entry = entries[ticket], entry.holder == holder else { throw .invalid }
        entries[ticket] = nil
        guard now < entry.expires else { throw .expired }
    }

    /// Whether `redeem` would succeed; the ticket stays good.
    package func check(_ ticket: String, by holder: Holder, now: Duration) throws(Failure) {
        guard let entry = entries[ticket], entry.holder == holder else { throw .invalid }
        guard now < entry.expires else { throw .expired }
    }

    /// Expired tickets are kept for one more lifetime, so that their holders learn that they came too late.
    private mutating func forget(before moment: Duration) {
        while oldest < order.count {
            if let entry = entries[order[oldest]] {
                guard entry.expires <= moment else { break }
                entries[order[oldest]] = nil
            }
            oldest += 1
        }
        compact()
    }

    private mutating func dropOldest() {
        while oldest < order.count {
            defer { oldest += 1 }
            if entries.removeValue(forKey: order[oldest]) != nil { break }
        }
        compact()
    }

    private mutating func compact() {
        guard oldest > 1024, oldest * 2 > order.count else { return }
        order.removeFirst(oldest)
        oldest = 0
    }
}
