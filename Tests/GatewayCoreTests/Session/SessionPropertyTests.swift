import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Sessions under random events")
struct SessionPropertyTests {
    /// What lets a session go on, so that random walks come far.
    private static let helpful: [SessionMachine.Event] = [
        .clientSentStart, .upstreamOpened, .upstreamSaidReady, .clientSentEOS, .deadlinePassed,
    ]

    @Test("10 000 random courses break no promise, end once, and take every transition", arguments: [1, 2])
    func promises(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var seen: Set<String> = []
        for course in 0..<5000 {
            var watcher = SessionWatcher(missingReady: Bool.random(using: &random) ? .fail : .proceed)
            let events = (0..<Int.random(in: 1...24, using: &random)).compactMap { _ in
                let isHelpful = Int.random(in: 0..<3, using: &random) > 0
                return (isHelpful ? Self.helpful : SessionTable.events).randomElement(using: &random)
            }
            for event in events + [.killRequested(.killed)] + events { watcher.handle(event) }
            #expect(watcher.broken.isEmpty, "seed \(seed), course \(course): \(watcher.broken), \(events)")
            #expect(watcher.machine.state == .closed)
            seen.formUnion(watcher.seen)
        }
        #expect(seen == SessionWatcher.transitions)
    }
}
