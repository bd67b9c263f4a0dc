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

    private static let session = BudgetedSession(startedAt: 1, bytesPerSecond: 32_000, rule: "r", client: "a")

    private static func exchange(
        _ store: AdmissionStore, _ allowance: inout AudioAllowance, _ count: Int, _ id: String = "s",
        from budgets: [BudgetBook.Budget] = budgets, goesOn: Bool = true
    ) throws(BudgetBook.Exhausted) -> Int {
        try store.exchange(&allowance, for: count, from: budgets, of: session, id: id, goesOn: goesOn).amount
    }

    @Test("after a crash what went on and a second more is spent, and what was given back or held is not")
    func crash() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        // Of so much a slice is never less than five seconds.
        let budgets = [BudgetBook.Budget(owner: .client("device:a"), kind: .day, most: 1_000_000_000)]
        do {
            let store = try Self.store(directory)
            var first = AudioAllowance(bytesPerSecond: 32_000)
            var second = AudioAllowance(bytesPerSecond: 32_000)
            var third = AudioAllowance(bytesPerSecond: 32_000)
            #expect(try Self.exchange(store, &first, 2 * 32_000, "first", from: budgets) == 5_000_000)
            #expect(try Self.exchange(store, &second, 4 * 32_000, "second", from: budgets) == 5_000_000)
            store.settle(&second, id: "second", forwarded: 32_000)
            #expect(try Self.exchange(store, &third, 4 * 32_000, "third", from: budgets, goesOn: false) == 5_000_000)
        }
        // Two seconds and one more, one second, none.
        let store = try Self.store(directory)
        let known = Dictionary(uniqueKeysWithValues: store.interrupted.map { ($0.id, $0.session.bytes) })
        #expect(known == ["first": 64_000, "second": 32_000, "third": 0])
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        #expect(throws: BudgetBook.Exhausted.self) {
            try Self.exchange(store, &allowance, 996 * 32_000 + 1, from: budgets)
        }
        #expect(try Self.exchange(store, &allowance, 996 * 32_000, from: budgets) == 996_000_000)
        #expect(throws: BudgetBook.Exhausted.self) { try Self.exchange(store, &allowance, 640, from: budgets) }
        #expect(store.obstacle(budgets)?.owner == .client("device:a"))
    }

    @Test("a run that ends in order leaves no session to settle")
    func closed() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        do {
            let store = try Self.store(directory)
            var allowance = AudioAllowance(bytesPerSecond: 32_000)
            _ = try Self.exchange(store, &allowance, 32_000)
            store.settle(&allowance, id: "s", forwarded: 32_000)
            store.close()
        }
        #expect(try Self.store(directory).interrupted.isEmpty)
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
            _ = try Self.exchange(store, &allowance, 640, from: budgets)
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
                            guard (try? Self.exchange(store, &allowance, 3200, from: budgets)) != nil else {
                                return bytes
                            }
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
