import GatewayCore
import GatewayTesting
import Glibc

/// What the tables of admission take in memory for a client that is idle: filled to their bounds, several of each.
enum ClientMemory {
    private static let entries = 400_000

    /// A line for each table: entries at most, and bytes for each.
    /// - Throws: `TestingFailure`.
    static func lines() throws -> [String] {
        // To the end, so that none takes the room that another has left.
        var kept: [Any] = []
        let rate = TokenBucket.Rate(perMinute: 1, burst: 100)
        let day = BudgetWindow(.day, at: 0)
        return [
            try line("connects of clients", most: 10_000, keeping: &kept) { most in
                var table = BucketTable<String>()
                for number in 0..<most { _ = table.take("device:kiosk-\(number)", rate, now: .zero) }
                return table
            },
            try line("failed credentials of addresses", most: 10_000, keeping: &kept) { most in
                var table = BucketTable<AddressBlock>()
                for number in 0..<most { _ = table.take(block(number), rate, now: .zero) }
                return table
            },
            try line("budgets of clients, a day", most: 100_000, keeping: &kept) { most in
                var book = BudgetBook()
                for number in 0..<most {
                    book.restore(.init(owner: .client("device:kiosk-\(number)"), window: day), used: number)
                }
                return book
            },
            try line("used tickets, until they expire", most: 200_000, keeping: &kept) { most in
                var tickets = UsedTickets()
                for number in 0..<most {
                    let digits = String(number, radix: 16)
                    let id = String(repeating: "0", count: 32 - digits.count) + digits
                    _ = tickets.use(id, expires: .max, now: 0)
                }
                return tickets
            },
        ]
    }

    private static func block(_ number: Int) -> AddressBlock {
        AddressBlock(
            IPAddress(
                bytes: [0x20, 1, 0xD, 0xB8, 0, UInt8(number >> 8), UInt8(number & 255), 0, 0]
                    + Array(repeating: 1, count: 7)))
    }

    private static func line<Table>(
        _ name: String, most: Int, keeping kept: inout [Any], fill: (Int) -> Table
    ) throws -> String {
        let copies = entries / most
        guard let before = ProcessSample.of(pid: getpid()) else { throw TestingFailure("no memory to be seen") }
        let tables = (0..<copies).map { _ in fill(most) }
        guard let after = ProcessSample.of(pid: getpid()) else { throw TestingFailure("no memory to be seen") }
        kept.append(tables)
        let bytes = (after.residentBytes - before.residentBytes) / (copies * most)
        return "  \(name): at most \(most), \(bytes) bytes each"
    }
}
