import GatewayCore
import Testing

@Suite("The limit on repeated lines")
struct RepeatLimitTests {
    private typealias HeldBack = RepeatLimit.HeldBack

    private var limit = RepeatLimit(most: 2, mostKinds: 3)

    private mutating func say(_ kinds: [String], at time: Int) -> [Bool] {
        kinds.map { limit.said($0, at: time) }
    }

    private mutating func takeOver(at time: Int?) -> [HeldBack] { limit.takeOver(at: time) }

    @Test("passes the first of each second, and tells how many it held back when the second is over")
    mutating func seconds() {
        let first = [0, 10, 20, 999].flatMap { say(["a"], at: $0) }
        #expect(first == [true, true, false, false])
        let taken = [999, 1000, 1000].map { takeOver(at: $0) }
        #expect(taken == [[], [HeldBack(kind: "a", count: 2)], []])
        let second = [1000, 1001, 1002].flatMap { say(["a"], at: $0) }
        #expect(second == [true, true, false])
        let late = takeOver(at: 5000)
        #expect(late == [HeldBack(kind: "a", count: 1)])
    }

    @Test("tells nothing of a second in which everything passed")
    mutating func quiet() {
        let passed = say(["a", "a"], at: 0)
        let taken = takeOver(at: 1000)
        #expect(passed == [true, true] && taken == [])
    }

    @Test("holds no kind back for another")
    mutating func kinds() {
        let passed = say(["a", "b", "a", "b", "b", "a", "a"], at: 0)
        #expect(passed == [true, true, true, true, false, false, false])
        let taken = takeOver(at: 1000)
        #expect(taken == [HeldBack(kind: "a", count: 2), HeldBack(kind: "b", count: 1)])
    }

    @Test("counts kinds above the bound as one, until a second is over")
    mutating func bound() {
        let passed = say((0..<100).map { "k\($0)" }, at: 0)
        #expect(passed.filter { $0 }.count == 5)
        let taken = takeOver(at: 1000)
        #expect(taken == [HeldBack(kind: RepeatLimit.others, count: 95)])
        let later = say(["k99"], at: 1000)
        #expect(later == [true])
    }

    @Test("gives out what it still holds at the end")
    mutating func end() {
        _ = say(["a", "a", "a", "a", "a"], at: 0)
        let taken = takeOver(at: nil)
        #expect(taken == [HeldBack(kind: "a", count: 3)])
    }

    @Test("loses no line: what passed and what was held back are all of them", arguments: 1...20)
    mutating func sums(seed: Int) {
        var (time, passed, held, state) = (0, 0, 0, UInt64(seed))
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            time += Int(state >> 60) * 20
            held += takeOver(at: time).reduce(0) { $0 + $1.count }
            passed += say(["k\(state >> 40 & 7)"], at: time) == [true] ? 1 : 0
        }
        held += takeOver(at: nil).reduce(0) { $0 + $1.count }
        #expect(passed + held == 2000)
    }
}
