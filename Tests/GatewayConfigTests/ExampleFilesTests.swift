import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("The example files")
struct ExampleFilesTests {
    private func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/config/\(name).yaml"
    }

    private let minimal = GatewaySettings(
        listeners: [ListenerSettings(name: "local", address: .ip(host: "127.0.0.1", port: 8080))],
        upstream: UpstreamSettings(
            tokenURL: EndpointURL(
                scheme: .https, host: "api.fennec-asr.com", path: "/api/v1/transcribe/streaming-token"),
            streamURL: EndpointURL(scheme: .wss, host: "api.fennec-asr.com", path: "/api/v1/transcribe/stream"),
            apiKey: .credential(name: "fennec-api-key")),
        access: [AccessRule(name: "local", addresses: [.loopback])])

    @Test("minimal.yaml leaves everything at its default")
    func minimalFile() throws {
        #expect(try ConfigLoader.load(path: path("minimal")).settings == minimal)
    }

    @Test("demo.yaml points at the stand-in")
    func demoFile() throws {
        let settings = try ConfigLoader.load(path: path("demo")).settings
        #expect(settings.upstream.tokenURL.description == "http://127.0.0.1:9900/api/v1/transcribe/streaming-token")
        #expect(settings.upstream.streamURL.description == "ws://127.0.0.1:9900/api/v1/transcribe/stream")
        #expect(settings.access.map(\.name) == ["page", "local"])
    }

    @Test("fennec-gateway.yaml shows the defaults")
    func productionFile() throws {
        var settings = try ConfigLoader.load(path: path("fennec-gateway")).settings
        #expect(settings.listeners.map(\.hosts) == [["gateway.example.com"]])
        #expect(settings.access.first?.origins == [OriginPattern("https://app.example.com")])
        settings.listeners = minimal.listeners
        settings.access = minimal.access
        #expect(settings == minimal)
    }

    @Test("A file that cannot be read is one problem without a place")
    func unreadableFile() {
        let missing = #expect(throws: ConfigFailure.self) { try ConfigLoader.load(path: "/nowhere/x.yaml") }
        #expect(missing?.description == "/nowhere/x.yaml: cannot be read: No such file or directory\n")
        let directory = #expect(throws: ConfigFailure.self) { try ConfigLoader.load(path: "/") }
        #expect(directory?.description == "/: cannot be read: Is a directory\n")
    }
}
