import ArgumentParser

/// The bench: programs that measure the gateway or put it on trial.
@main
struct GatewayBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway-bench",
        abstract: "Measures the gateway, and puts its WebSocket layer on trial.",
        subcommands: [Load.self, Ready.self, AdmissionCost.self, PolicyCost.self, EchoServer.self, EchoClient.self])
}
