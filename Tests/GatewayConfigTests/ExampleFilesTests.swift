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
            apiKeys: APIKeySettings(.credential(name: "fennec-api-key"))),
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
        #expect(settings.access.map(\.policies) == [["dictation"], ["default"]])
        #expect(settings.policies["dictation"]?.limits.count == 14)
        #expect(settings.limits["browser"]?.budget.perDay == 7200)
        settings.listeners = minimal.listeners
        settings.limits = [:]
        settings.access = minimal.access
        settings.policies = minimal.policies
        #expect(settings == minimal)
    }

    @Test("presets.yaml spells out what the presets are", arguments: PolicyPreset.allCases)
    func presetsFile(preset: PolicyPreset) throws {
        let policies = try ConfigLoader.load(path: path("presets")).settings.policies
        #expect(
            policies[preset.rawValue]
                == Policy(name: preset.rawValue, limits: preset.defaults.mapValues { FieldLimit(fallback: $0) }))
    }

    @Test("cookbook.yaml has a policy for each of its rules")
    func cookbookFile() throws {
        let settings = try ConfigLoader.load(path: path("cookbook")).settings
        #expect(
            settings.access.map(\.policies) == [
                ["dictation", "dictation-noisy"], ["kiosk"], ["call-centre"], ["voice-agent"],
            ]
        )
    }

    @Test("No example gives a warning", arguments: ["minimal", "demo", "fennec-gateway", "presets", "cookbook"])
    func noWarnings(name: String) throws {
        #expect(try ConfigLoader.load(path: path(name)).warnings == [])
    }

    @Test("What fennec-gateway.yaml has in comments can be put in force as it stands")
    func commentedSettings() throws {
        let lines = try FileContents.read(path("fennec-gateway"), limit: 1 << 20).split(separator: 10)
            .map { String(decoding: $0, as: UTF8.self) }
        let start = try #require(lines.firstIndex(of: "policies:"))
        let end = try #require(lines.firstIndex(of: "# Deadlines and bounds of every session."))
        let settings = lines[start..<end].map { line -> String in
            let text = line.drop { $0 == " " }
            let names = StartField.allCases.map { "# \($0.name): " }
            guard names.contains(where: text.hasPrefix) else { return line }
            return String(line.prefix(line.count - text.count) + text.dropFirst(2))
        }
        let policies = try Sample.read(Sample.minimal + settings.joined(separator: "\n") + "\n").policies
        #expect(policies["dictation"]?.limits.count == 19)
    }

    @Test("A file that cannot be read is one problem without a place")
    func unreadableFile() {
        let missing = #expect(throws: ConfigFailure.self) { try ConfigLoader.load(path: "/nowhere/x.yaml") }
        #expect(missing?.description == "/nowhere/x.yaml: cannot be read: No such file or directory\n")
        let directory = #expect(throws: ConfigFailure.self) { try ConfigLoader.load(path: "/") }
        #expect(directory?.description == "/: cannot be read: Is a directory\n")
    }
}
