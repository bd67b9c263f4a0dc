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
        var policy: String?
        var expires: Duration
    }

    private var entries: [String: Entry] = [:]
    /// Tickets in the order of their issue.
    private var order: [String] = []
    private var oldest = 0
    /// How long tickets last that are issued from now on.
    package var lifetime: Duration
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
    ///   - policy: The one policy that it is good for; `nil` leaves the choice to where it is used.
    ///   - random: 32 bytes from the system's generator.
    ///   - now: Time since any fixed moment, on a clock that never goes back.
    package mutating func issue(
        to holder: Holder, policy: String? = nil, random: [UInt8], now: Duration
    ) -> String {
        forget(before: now - lifetime)
        if entries.count >= most { dropOldest() }
        let ticket = Self.prefix + Base64URL.encode(random)
        entries[ticket] = Entry(holder: holder, policy: policy, expires: now + lifetime)
        order.append(ticket)
        compact()
        return ticket
    }

    /// Takes a ticket, which is used up by it.
    package mutating func redeem(_ ticket: String, by holder: Holder, now: Duration) throws(Failure) {
        guard let entry = entries[ticket], entry.holder == holder else { throw .invalid }
        entries[ticket] = nil
        guard now < entry.expires else { throw .expired }
    }

    /// The policy that a ticket is bound to, if `redeem` would succeed; the ticket stays good.
    package func check(_ ticket: String, by holder: Holder, now: Duration) throws(Failure) -> String? {
        guard let entry = entries[ticket], entry.holder == holder else { throw .invalid }
        guard now < entry.expires else { throw .expired }
        return entry.policy
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
    }

    private mutating func dropOldest() {
        while oldest < order.count {
            defer { oldest += 1 }
            if entries.removeValue(forKey: order[oldest]) != nil { break }
        }
    }

    /// Used tickets leave gaps; they go once they are more than what is left, so that the list stays bounded too.
    private mutating func compact() {
        guard order.count > 1024, order.count > 2 * entries.count else { return }
        order = order[oldest...].filter { entries[$0] != nil }
        oldest = 0
    }
}
