import GatewayCore
import Testing

@Suite("What waits for the ledger")
struct LedgerQueueTests {
    private var queue = LedgerQueue(most: 2)

    private func record(_ session: String, duration: Int = 0) -> UsageRecord {
        UsageRecord(
            session: session, client: "c", rule: "r", startedAt: 0, duration: duration, meter: UsageMeter())
    }

    private func names(_ records: [UsageRecord]) -> [String] { records.map(\.session) }

    @Test("is taken once, those that live apart from those that have ended")
    mutating func taken() {
        queue.stand([record("a"), record("b")])
        queue.end(record("a"))
        let batch = queue.take()
        #expect(names(batch.live) == ["a", "b"])
        #expect(names(batch.ended) == ["a"])
        #expect(!batch.closesStrays)
        #expect(queue.take().isEmpty)
    }

    @Test("keeps ends that could not be written, in their order, and forgets how sessions stood")
    mutating func putBack() {
        queue.stand([record("a")])
        queue.end(record("b"))
        let batch = queue.take()
        queue.end(record("c"))
        queue.putBack(batch)
        let again = queue.take()
        #expect(again.live.isEmpty)
        #expect(names(again.ended) == ["b", "c"])
        #expect(queue.dropped == 0)
    }

    @Test("drops and counts ends above its bound, and then asks for strays to be closed")
    mutating func bound() {
        for name in ["a", "b", "c", "d"] { queue.end(record(name)) }
        #expect(queue.dropped == 2)
        #expect(queue.waiting == 2)
        #expect(queue.take().closesStrays)
        #expect(!queue.take().closesStrays)
    }

    @Test("asks again for strays when that could not be written")
    mutating func straysAgain() {
        for name in ["a", "b", "c"] { queue.end(record(name)) }
        queue.putBack(queue.take())
        #expect(queue.take().closesStrays)
    }

    @Test("drops the latest when what could not be written leaves no place")
    mutating func latest() {
        queue.end(record("a"))
        queue.end(record("b"))
        let batch = queue.take()
        queue.end(record("c"))
        queue.putBack(batch)
        #expect(queue.dropped == 1)
        #expect(names(queue.take().ended) == ["a", "b"])
    }

    @Test("counts everything that waits as dropped when it is given up")
    mutating func givenUp() {
        queue.stand([record("a")])
        queue.end(record("b"))
        queue.giveUp()
        #expect(queue.dropped == 1)
        #expect(queue.take().isEmpty)
    }
}
