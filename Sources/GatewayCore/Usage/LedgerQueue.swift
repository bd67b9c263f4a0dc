/// What waits to be written to the ledger. A session that lives is written as it stands now, however long nothing
/// could be written; one that has ended waits, within a bound, and what is above the bound is dropped and counted.
package struct LedgerQueue: Sendable, Equatable {
    /// What one transaction writes: first those that live, then those that have ended, in the order of their ends.
    package struct Batch: Sendable, Equatable {
        package var live: [UsageRecord] = []
        package var ended: [UsageRecord] = []
        /// Whether rows of sessions that are not in this batch belong to nobody any more: ends were dropped while
        /// nothing could be written.
        package var closesStrays = false

        package init() {}

        package var isEmpty: Bool { live.isEmpty && ended.isEmpty && !closesStrays }
    }

    private let most: Int
    private var live: [UsageRecord] = []
    private var ended: [UsageRecord] = []
    private var hasStrays = false
    /// Sessions whose end was never written.
    package private(set) var dropped = 0

    /// - Parameter most: Sessions that have ended and wait.
    package init(most: Int) {
        self.most = most
    }

    /// How many ends wait.
    package var waiting: Int { ended.count }

    /// How sessions that live stand. Those of one event loop come before the ends that follow on it.
    package mutating func stand(_ records: [UsageRecord]) {
        live += records
    }

    /// A session has ended.
    package mutating func end(_ record: UsageRecord) {
        guard ended.count < most else {
            dropped += 1
            hasStrays = true
            return
        }
        ended.append(record)
    }

    /// Takes out what is to be written. Every session that lives has told how it stands since the last time.
    package mutating func take() -> Batch {
        var batch = Batch()
        swap(&batch.live, &live)
        swap(&batch.ended, &ended)
        swap(&batch.closesStrays, &hasStrays)
        return batch
    }

    /// Nothing of the batch was written: its ends wait again, before those that came meanwhile.
    package mutating func putBack(_ batch: Batch) {
        hasStrays = hasStrays || batch.closesStrays
        let later = ended
        ended = batch.ended
        for record in later { end(record) }
    }

    /// Gives up what waits, because nothing will be written any more.
    package mutating func giveUp() {
        dropped += ended.count
        ended = []
        live = []
    }
}
