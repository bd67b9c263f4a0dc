import GatewayCoreTesting
import Testing

@testable import GatewayCore

@Suite("Token pools under random events")
struct TokenPoolPropertyTests {
    private static let failures: [MintFailure] = [
        .unauthorized(status: 401), .unauthorized(status: 403), .rateLimited(retryAfter: nil),
        .rateLimited(retryAfter: .seconds(2)), .serverError(status: 500), .unexpectedStatus(404), .noToken, .notJSON,
        .bodyTooLarge, .timedOut, .unreachable("no"), .tls("no"), .cancelled, .internal("no"),
    ]
    /// How a course's mints fail: in any way, or each time in the same, as a bad key makes them.
    private static let moods: [[MintFailure]] =
        [failures, failures, failures, [.unauthorized(status: 401)], [.rateLimited(retryAfter: .seconds(2))]]
    private static let lifetimes: [Duration?] = [nil, .seconds(60), .seconds(7), .seconds(3), .zero, .seconds(-60)]

    @Test(
        "10 000 random courses: no token twice, never above the ceiling, everyone is answered, nothing is left",
        arguments: [1, 2, 3, 4])
    func promises(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var seen: Set<String> = []
        for course in 0..<2500 {
            let ceiling = Int.random(in: 0...6, using: &random)
            let settings = TokenPoolSettings(
                floor: Int.random(in: 0...ceiling, using: &random), ceiling: ceiling,
                maxAge: .seconds(Int.random(in: 1...20, using: &random)))
            let count = Int.random(in: 1...3, using: &random)
            let weights = Bool.random(using: &random) ? (1...count).map { $0 } : nil
            var world = TokenPoolWatcher(settings: settings, keys: KeyRing(count: count, weights: weights))
            // How often mints fail differs from course to course, so that every part of the pool is reached.
            let failing = Int.random(in: 0...10, using: &random)
            let mood = Self.moods.randomElement(using: &random) ?? Self.failures
            for _ in 0..<Int.random(in: 1...60, using: &random) { step(&world, failing, mood, &random) }
            world.close()
            step(&world, failing, mood, &random)
            #expect(world.broken.isEmpty, "seed \(seed), course \(course): \(world.broken.prefix(3))")
            seen.formUnion(world.seen)
        }
        let everything: Set<String> = [
            "mint", "cancelMint", "give", "drop expired", "drop surplus", "fail mint", "fail circuitOpen",
            "fail crowded", "fail keysRefused", "fail timedOut", "fail closed", "tell keyRefused", "tell keyLimited",
            "tell keyAccepted", "tell mintCircuitOpened", "tell mintCircuitClosed", "tell tokensExpireAtOnce",
        ]
        #expect(seen == everything)
    }

    private func step(
        _ world: inout TokenPoolWatcher, _ failing: Int, _ mood: [MintFailure], _ random: inout SeededGenerator
    ) {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2: world.need(within: .milliseconds(Int.random(in: 50...10_000, using: &random)))
        case 3: if let need = world.openNeeds.randomElement(using: &random) { world.cancel(need) }
        case 4...8:
            guard let mint = world.openMints.randomElement(using: &random) else { return }
            if Int.random(in: 0..<10, using: &random) < failing {
                world.fail(mint, mood.randomElement(using: &random) ?? .noToken)
            } else {
                world.minted(mint, lifetime: Self.lifetimes.randomElement(using: &random) ?? nil)
            }
        case 9: world.handle(.keysReplaced(KeyRing(count: Int.random(in: 1...3, using: &random))))
        default: world.wait(.milliseconds(Int.random(in: 0...3000, using: &random)))
        }
    }
}
