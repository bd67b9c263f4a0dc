import GatewayCore
import GatewayCoreTesting
import Testing

@testable import GatewayServer

@Suite("Permits of sessions")
struct PermitTests {
    private let desk = PermitDesk()
    private let registry = SessionRegistry(most: 3)
    private let claims = [PermitBook.Claim(.client("a"), most: 2), PermitBook.Claim(.rule("web"), most: nil)]

    private func permit() throws -> Permit { try Permit(claims: claims, desk: desk, registry: registry) }

    @Test("a permit that nobody holds any more is given back, in the registry too")
    func dropped() throws {
        do {
            let permit = try permit()
            #expect(registry.count == 1)
            #expect(desk.subjects == 2)
            _ = permit
        }
        #expect(registry.count == 0)
        #expect(desk.subjects == 0)
    }

    @Test("it is given back once, whoever says so and however often")
    func once() throws {
        let kept = try permit()
        let other = try permit()
        other.release()
        other.release()
        #expect(registry.count == 1)
        #expect(desk.obstacle(claims) == nil)
        kept.release()
        #expect(desk.subjects == 0)
    }

    @Test("who has no place takes none in the registry, and the other way round")
    func refused() throws {
        let held = [try permit(), try permit()]
        let refused = #expect(throws: Refused.self) { try permit() }
        #expect(refused?.refusal == .tooManySessions)
        #expect(registry.count == 2)
        let third = try Permit(claims: [], desk: desk, registry: registry)
        let full = #expect(throws: Refused.self) {
            try Permit(claims: [PermitBook.Claim(.client("b"), most: 9)], desk: desk, registry: registry)
        }
        #expect(full?.refusal == .full)
        #expect(desk.subjects == 2)
        _ = (held, third)
    }

    @Test("in ten thousand random sequences of every way to end no place is exceeded or lost")
    func property() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<10_000 {
            var held: [Permit] = []
            // Sessions whose permits have opened are the registry's, until it removes them.
            var opened = 0
            for _ in 0..<12 {
                let index = held.indices.randomElement(using: &generator)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0, 1, 2:
                    if let permit = try? permit() { held.append(permit) }
                case 3: if let index { held.remove(at: index).release() }
                case 4: if let index { held.remove(at: index) }
                default:
                    guard let index else { continue }
                    let permit = held.remove(at: index)
                    permit.open()
                    opened += 1
                    permit.release()
                }
                #expect(held.count <= 2 && registry.count <= 3)
                #expect(registry.count == held.count + opened)
            }
            held = []
            for _ in 0..<opened { registry.giveBack() }
            #expect(registry.count == 0 && desk.subjects == 0)
        }
    }

    @Test("a session's own place stays when its permit ends")
    func opened() throws {
        let permit = try permit()
        permit.open()
        permit.release()
        #expect(registry.count == 1, "the registry forgets the session by itself")
        #expect(desk.subjects == 0)
    }
}
