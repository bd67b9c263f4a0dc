import GatewayCore
import Testing

@testable import GatewayConfig

@Suite struct ConfigLoaderTests {
    private let rest = "upstream: { api_key: { file: /k } }\naccess: [{ name: a, match: { address: [loopback] } }]\n"

    @Test("A small configuration loads")
    func small() throws {
        let text = "listeners: [{ name: public, address: \"127.0.0.1:8080\" }]\n" + rest
        let settings = try ConfigLoader.read(text: text, path: "test.yaml")
        #expect(settings.listeners.map(\.name) == ["public"])
        #expect(settings.upstream.apiKey == .file(path: "/k"))
    }

    @Test("An unknown key is a problem")
    func unknown() {
        let text = "listners: []\n" + rest
        #expect(throws: ConfigFailure.self) { try ConfigLoader.read(text: text, path: "test.yaml") }
    }
}
