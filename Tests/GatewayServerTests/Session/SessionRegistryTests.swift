import GatewayCore
import Testing

@testable import GatewayServer

@Suite("Session registry")
struct SessionRegistryTests {
    @Test("places are taken up to the bound, and one that is given back is free again")
    func bound() throws {
        let registry = SessionRegistry(most: 2)
        #expect(registry.obstacle == nil)
        try registry.reserve()
        try registry.reserve()
        #expect(registry.count == 2)
        #expect(registry.obstacle == .full)
        #expect(throws: SessionRegistry.Full.full) { try registry.reserve() }
        #expect(registry.count == 2)
        registry.giveBack()
        #expect(registry.obstacle == nil)
        try registry.reserve()
        #expect(registry.obstacle == .full)
    }

    @Test("asking for the obstacle takes no place")
    func asking() throws {
        let registry = SessionRegistry(most: 1)
        for _ in 0..<3 { #expect(registry.obstacle == nil) }
        try registry.reserve()
        #expect(registry.count == 1)
    }

    @Test("nobody is let in while it drains, and that is said rather than that it is full")
    func drain() throws {
        let registry = SessionRegistry(most: 1)
        try registry.reserve()
        #expect(!registry.isDraining)
        registry.drain(because: .restart)
        #expect(registry.isDraining)
        #expect(registry.obstacle == .draining)
        #expect(throws: SessionRegistry.Full.draining) { try registry.reserve() }
        registry.giveBack()
        #expect(registry.count == 0)
        #expect(throws: SessionRegistry.Full.draining) { try registry.reserve() }
    }

    @Test("a gateway that is about to stop lets sessions in until it drains")
    func leaving() throws {
        let registry = SessionRegistry(most: 2)
        #expect(!registry.isLeaving)
        registry.leave()
        #expect(registry.isLeaving && !registry.isDraining)
        try registry.reserve()
        registry.drain(because: .restart)
        #expect(registry.isLeaving && registry.isDraining)
        #expect(throws: SessionRegistry.Full.draining) { try registry.reserve() }
    }

    @Test("a registry without places is full at once, and forgetting a stranger changes nothing")
    func none() {
        let registry = SessionRegistry(most: 0)
        registry.remove(id: "stranger")
        #expect(registry.count == 0)
        #expect(registry.obstacle == .full)
        registry.kill(because: .restart)
    }

    @Test("many at once take exactly the places that there are")
    func race() async {
        let registry = SessionRegistry(most: 10)
        let taken = await withTaskGroup { group in
            for _ in 0..<64 {
                group.addTask { (try? registry.reserve()) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 10)
        #expect(registry.count == 10)
    }

    @Test("the bound may change; those above a lower one stay, and none is let in until they are fewer")
    func otherBound() throws {
        let registry = SessionRegistry(most: 2)
        try registry.reserve()
        try registry.reserve()
        registry.most = 1
        #expect(registry.count == 2)
        registry.giveBack()
        #expect(registry.obstacle == .full)
        registry.giveBack()
        #expect(registry.obstacle == nil)
        registry.most = 3
        for _ in 0..<3 { try registry.reserve() }
        #expect(registry.obstacle == .full)
    }

    @Test("names of sessions are sixteen hexadecimal digits, and differ")
    func names() {
        let names = (0..<1000).map { _ in SessionID.random().description }
        #expect(Set(names).count == 1000)
        #expect(names.allSatisfy { $0.utf8.count == 16 && $0.allSatisfy(\.isHexDigit) && $0 == $0.lowercased() })
    }
}
