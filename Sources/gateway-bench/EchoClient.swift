import ArgumentParser

/// `echo-client`: the gateway's own WebSocket leg as a client that sends every message back.
struct EchoClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Connects to a WebSocket server and sends every message back, for conformance tests.",
        discussion: """
            Until the server closes:
              gateway-bench echo-client ws://127.0.0.1:9001/
            All cases of a fuzzing server, which then writes its report:
              gateway-bench echo-client --autobahn ws://127.0.0.1:9001
            """)

    @Argument(help: "The server, ws://HOST[:PORT][/PATH]; a query may follow.", transform: parse)
    var url: EchoTarget

    @Flag(help: "Run all cases of a fuzzing server: getCaseCount, runCase, updateReports.")
    var autobahn = false

    @Option(help: .init("The name under which the fuzzing server files the results.", valueName: "name"))
    var agent = "fennec-gateway"

    func run() async throws {
        guard autobahn else {
            return Output.line("ended: \(try await EchoConnection.run(url) { Echo(onEnd: $0) }.words)")
        }
        let count = try await caseCount()
        for number in stride(from: 1, through: count, by: 1) {
            let target = url.at("runCase", "case=\(number)&agent=\(agent)")
            let end = try await EchoConnection.run(target) { Echo(onEnd: $0) }
            Output.line("case \(number) of \(count) ended: \(end.words)")
        }
        _ = try await EchoConnection.run(url.at("updateReports", "agent=\(agent)")) { Echo(onEnd: $0) }
    }

    private func caseCount() async throws -> Int {
        let texts = TextBox()
        _ = try await EchoConnection.run(url.at("getCaseCount", nil)) { TextCollector(texts: texts, onEnd: $0) }
        guard let text = texts.first, let count = Int(text) else {
            throw ValidationError("the server sent no number of cases")
        }
        return count
    }

    private static func parse(_ text: String) throws -> EchoTarget {
        guard let target = EchoTarget(text) else {
            throw ValidationError("expected a URL such as ws://127.0.0.1:9001/")
        }
        return target
    }
}
