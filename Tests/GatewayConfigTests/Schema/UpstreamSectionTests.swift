import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("The upstream section")
struct UpstreamSectionTests {
    private static func text(_ lines: String) -> String {
        Sample.listeners + Sample.access + "upstream:\n" + lines
    }

    private static func read(_ lines: String) throws -> UpstreamSettings {
        try Sample.read(text(lines)).upstream
    }

    @Test("without a pool of its own it has the default one, and the default of early connections")
    func defaults() throws {
        let upstream = try Self.read("  api_key: { file: /there/key }\n")
        #expect(upstream.tokenPool == TokenPoolSettings(floor: 1, ceiling: 32, maxAge: .seconds(20)))
        #expect(upstream.earlyConnections == 64)
        #expect(upstream.apiKeys == APIKeySettings(.file(path: "/there/key")))
    }

    @Test("reads the pool; a ceiling of 0 has a floor of 0")
    func pool() throws {
        let key = "  api_key: { file: /there/key }\n"
        let whole = try Self.read(
            key + "  token_pool: { floor: 2, ceiling: 9, max_age: 45s }\n  early_connections: 3\n")
        #expect(whole.tokenPool == TokenPoolSettings(floor: 2, ceiling: 9, maxAge: .seconds(45)))
        #expect(whole.earlyConnections == 3)
        #expect(
            try Self.read(key + "  token_pool: { ceiling: 0 }\n").tokenPool == TokenPoolSettings(floor: 0, ceiling: 0))
    }

    @Test("reads several keys, in order or with weights")
    func keys() throws {
        let ordered = try Self.read("  api_keys: [{ file: /there/a }, { credential: b }]\n")
        #expect(
            ordered.apiKeys == APIKeySettings(sources: [.file(path: "/there/a"), .credential(name: "b")]))
        let weighted = try Self.read(
            "  api_keys: [{ file: /there/a, weight: 3 }, { credential: b, weight: 1 }]\n")
        #expect(weighted.apiKeys.weights == [3, 1])
    }

    @Test(
        "Problems",
        arguments: [
            Refusal(text("  ca_file: /there/ca\n"), "4:3 upstream.api_key: is required"),
            Refusal(
                text("  api_key: { credential: a }\n  api_keys: [{ credential: b }]\n"),
                "5:13 upstream.api_keys: stands beside api_key: give one or the other"),
            Refusal(text("  api_keys: []\n"), "4:13 upstream.api_keys: must not be empty"),
            Refusal(text("  api_keys: [sk-1]\n"), "4:14 upstream.api_keys[0]: a literal key is refused"),
            Refusal(
                text("  api_keys: [{ credential: a }, { credential: a }]\n"),
                "4:33 upstream.api_keys[1]: repeats upstream.api_keys[0] of line 4"),
            Refusal(
                text("  api_keys: [{ credential: a, weight: 2 }, { credential: b }]\n"),
                "4:44 upstream.api_keys[1]: needs a weight, as another key has one"),
            Refusal(
                text("  api_keys: [{ credential: a, weight: 0 }]\n"),
                "4:39 upstream.api_keys[0].weight: expected a whole number from 1 to 1000"),
            Refusal(
                text("  api_key: { credential: a, weight: 1 }\n"),
                "4:29 upstream.api_key: unknown key, known are credential, file"),
            Refusal(
                text("  api_key: { credential: a }\n  token_pool: { floor: 5, ceiling: 4 }\n"),
                "5:24 upstream.token_pool.floor: must not be above the ceiling, which is 4"),
            Refusal(
                text("  api_key: { credential: a }\n  token_pool: { max_age: 500ms }\n"),
                "5:26 upstream.token_pool.max_age: must be from 1s to 1d"),
        ])
    func problems(row: Refusal) {
        #expect(Sample.lines(row.text) == row.lines)
    }
}
