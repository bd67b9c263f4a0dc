import GatewayCore
import GatewayTesting
import Logging
import Testing

@testable import GatewayServer

@Suite("What admission remembers")
struct AdmissionStoreTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let budgets = [BudgetBook.Budget(owner: .client("device:a"), kind: .day, most: 12_000_000)]

    private static func store(_ directory: TemporaryDirectory) throws -> AdmissionStore {
        try AdmissionStore(directory: StateDirectory(path: directory.path), logger: logger)
    }

    @Test("what is reserved is spent when the gateway dies, and what was given back is not")
    func crash() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        do {
            let store = try Self.store(directory)
            var first = AudioAllowance(bytesPerSecond: 32_000)
            var second = AudioAllowance(bytesPerSecond: 32_000)
            #expect(try store.exchange(&first, for: 5 * 32_000, from: Self.budgets).amount == 5_000_000)
            #expect(try store.exchange(&second, for: 5 * 32_000, from: Self.budgets).amount == 5_000_000)
            _ = second.take(5 * 32_000)
            store.giveBack(second.settle(forwarded: 32_000), to: second.accounts)
        }
        let store = try Self.store(directory)
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        #expect(throws: BudgetBook.Exhausted.self) {
            try store.exchange(&allowance, for: 7 * 32_000, from: Self.budgets)
        }
        #expect(try store.exchange(&allowance, for: 6 * 32_000, from: Self.budgets).amount == 6_000_000)
        _ = allowance.take(6 * 32_000)
        #expect(throws: BudgetBook.Exhausted.self) { try store.exchange(&allowance, for: 640, from: Self.budgets) }
        #expect(store.obstacle(Self.budgets)?.owner == .client("device:a"))
    }

    @Test("a line that a crash has cut off counts for nothing, those before it do")
    func cutOff() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let today = BudgetWindow(.day, at: Int(WallClock.milliseconds))
        let note = AdmissionNote.audioUsed(.init(owner: .client("device:a"), window: today), 12_000_000)
        let state = try StateDirectory(path: directory.path)
        try StateFile.replace(
            state.file(AdmissionJournal.fileName),
            with: Array("\(note.line)\ngarbage\naudio day \(today.number) 9".utf8))
        let store = try AdmissionStore(directory: state, logger: Self.logger)
        #expect(store.obstacle(Self.budgets) != nil)
        #expect(store.obstacle([BudgetBook.Budget(owner: .gateway, kind: .day, most: 1_000_000)]) == nil)
    }

    @Test("the file stays small however much is noted")
    func bounded() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let store = try Self.store(directory)
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        let budgets = [BudgetBook.Budget(owner: .client("device:a"), kind: .month, most: 1_000_000_000_000)]
        for _ in 0..<40_000 {
            _ = try store.exchange(&allowance, for: 640, from: budgets)
            _ = allowance.take(640)
        }
        let size = try StateFile.read("\(directory.path)/\(AdmissionJournal.fileName)", limit: 1 << 30)?.count ?? 0
        #expect(size > 0 && size < 2 * AdmissionJournal.size)
    }

    @Test("of many sessions at once, all together get what there is and no more")
    func race() async throws {
        let store = try AdmissionStore(directory: nil, logger: Self.logger)
        let budgets = [BudgetBook.Budget(owner: .client("x"), kind: .month, most: 100_000_000)]
        let passed = await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    var allowance = AudioAllowance(bytesPerSecond: 32_000)
                    var bytes = 0
                    while true {
                        if !allowance.take(3200) {
                            guard (try? store.exchange(&allowance, for: 3200, from: budgets)) != nil,
                                allowance.take(3200)
                            else { return bytes }
                        }
                        bytes += 3200
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(passed <= 100 * 32_000)
        #expect(passed > 95 * 32_000)
    }

    @Test("two gateways do not share a directory")
    func locked() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let first = try StateDirectory(path: directory.path)
        let failure = #expect(throws: StartFailure.self) { try StateDirectory(path: directory.path) }
        #expect(failure?.description.contains("in use") == true)
        _ = first.path
    }

    @Test("a directory that cannot be is refused in words")
    func impossible() {
        let failure = #expect(throws: StartFailure.self) { try StateDirectory(path: "/proc/nowhere/state") }
        #expect(failure?.description.contains("state_directory") == true)
    }
}
