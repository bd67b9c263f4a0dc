package import GatewayCore
package import Logging
import Synchronization

/// The account of all sessions: takes how they stand and how they ended from any thread at any time, and writes it
/// when `commit` is called. What cannot be written waits; no session ever does.
package final class UsageLedger: Sendable {
    /// Ended sessions that wait for a disk that takes them again.
    package static let mostWaiting = 10_000
    /// Rows that one commit deletes at most, and pages that it gives back.
    private static let pruned = 500

    private struct Writing {
        var file: LedgerFile?
        var lines: UsageFile?
        /// Kept from the first use of the ledger to the end: two programs would close each other's sessions.
        var lock: FileLock?
        var hasClosedLost = false
        /// What is known from elsewhere of the sessions that the last run left open.
        var interrupted: [UsageRecord] = []
        /// The day (UTC) on which everything old was last found deleted.
        var prunedOn: Int64?
    }

    private let settings: UsageSettings
    private let metrics: LedgerMetrics
    private let logger: Logger
    private let queue = Mutex(LedgerQueue(most: UsageLedger.mostWaiting))
    /// Ends that are not in the file of lines yet.
    private let unlisted = Mutex<[UsageRecord]>([])
    private let writing: Mutex<Writing>
    private let failure = Mutex<SQLiteError?>(nil)

    package init(settings: UsageSettings, metrics: LedgerMetrics, logger: Logger) {
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
        writing = Mutex(Writing(lines: settings.jsonl.map { UsageFile(path: $0) }))
    }

    /// Why nothing can be written at the moment; `nil` when all is well.
    package var problem: SQLiteError? { failure.withLock { $0 } }

    /// The path of the ledger; `nil` when only lines are written.
    package var path: String? { settings.ledger }

    /// Whether the gateway is not ready as long as there is a problem.
    package var isRequired: Bool { settings.isRequired }

    /// Tells, before the first `commit`, what is known from elsewhere of the last run's sessions: those that the ledger
    /// has open, or not at all, are closed as lost with at least that much audio.
    package func recover(_ records: [UsageRecord]) {
        writing.withLock { $0.interrupted = records }
    }

    /// What a minute costs in reports; `nil` leaves costs out.
    package var pricePerMinute: Double? { settings.pricePerMinute }

    /// How sessions of one event loop stand; called on that loop.
    package func stand(_ records: [UsageRecord]) {
        if settings.ledger != nil { queue.withLock { $0.stand(records) } }
    }

    /// A session has ended; called on its event loop.
    package func end(_ record: UsageRecord) {
        if settings.ledger != nil { queue.withLock { $0.end(record) } }
        guard settings.jsonl != nil else { return }
        unlisted.withLock { if $0.count < Self.mostWaiting { $0.append(record) } }
    }

    /// Writes what waits, in one transaction, once every session that lives has told how it stands. Blocks on the
    /// disk: never call it on an event loop.
    /// - Parameter time: In ms since 1970 (UTC).
    package func commit(at time: Int64) {
        writing.withLock { writing in
            list(&writing)
            guard let path = settings.ledger else { return }
            let batch = queue.withLock { $0.take() }
            do throws(SQLiteError) {
                let file = try opened(path, &writing, at: time)
                if !batch.isEmpty {
                    let began = ContinuousClock.now
                    try file.write(batch, at: time)
                    metrics.commitSeconds.observe(ContinuousClock.now - began)
                }
                try prune(file, &writing, at: time)
                succeeded(at: time)
            } catch {
                queue.withLock { $0.putBack(batch) }
                writing.file = nil
                failed(error)
            }
            report()
        }
    }

    /// Writes what waits a last time and closes the file; what still waits then is dropped and counted.
    package func close(at time: Int64) {
        commit(at: time)
        writing.withLock { writing in
            queue.withLock { $0.giveUp() }
            writing.file = nil
            writing.lines = nil
            writing.lock = nil
            report()
        }
    }

    private func list(_ writing: inout Writing) {
        var records: [UsageRecord] = []
        unlisted.withLock { swap(&records, &$0) }
        writing.lines?.write(records, logger: logger)
    }

    private func opened(_ path: String, _ writing: inout Writing, at time: Int64) throws(SQLiteError) -> LedgerFile {
        if let file = writing.file, file.isInPlace { return file }
        if writing.lock == nil { writing.lock = try FileLock(path: path) }
        let file = try LedgerFile(path: path)
        // Only at the start: later on open rows are those of sessions that live.
        if !writing.hasClosedLost {
            let lost = try file.closeLost(at: time, knowing: writing.interrupted)
            writing.hasClosedLost = true
            writing.interrupted = []
            metrics.lost.add(lost)
            if lost > 0 {
                logger.warning(
                    "the last run ended without closing its sessions", metadata: ["sessions": .stringConvertible(lost)])
            }
        }
        writing.file = file
        return file
    }

    private func prune(_ file: LedgerFile, _ writing: inout Writing, at time: Int64) throws(SQLiteError) {
        let day = time / 86_400_000
        guard writing.prunedOn != day else { return }
        let hasMore = try file.prune(
            records: time - Int64(settings.retention.inSeconds * 1000),
            days: String(UTCTime.text(time - Int64(settings.dailyRetention.inSeconds * 1000)).prefix(10)),
            most: Self.pruned)
        try file.vacuum(pages: Self.pruned)
        if !hasMore { writing.prunedOn = day }
    }

    private func succeeded(at time: Int64) {
        metrics.commits.add()
        metrics.lastCommit.set(Int(time / 1000))
        let old = failure.withLock { failure in
            let old = failure
            failure = nil
            return old
        }
        guard old != nil else { return }
        metrics.isFailing.set(0)
        logger.notice("the ledger is written again", metadata: ["dropped": .stringConvertible(dropped)])
    }

    private func failed(_ error: SQLiteError) {
        metrics.failures[error.kind].add()
        metrics.isFailing.set(1)
        let old = failure.withLock { failure in
            let old = failure
            failure = error
            return old
        }
        // Once for each kind of trouble, not at each try.
        guard old?.kind != error.kind else { return }
        logger.error("the ledger cannot be written, sessions wait for it", metadata: ["detail": "\(error)"])
    }

    private func report() {
        let (waiting, dropped) = queue.withLock { ($0.waiting, $0.dropped) }
        metrics.waiting.set(waiting)
        metrics.dropped.add(dropped - Int(metrics.dropped.steps))
    }

    /// Sessions whose end was never written.
    private var dropped: Int { queue.withLock { $0.dropped } }
}
