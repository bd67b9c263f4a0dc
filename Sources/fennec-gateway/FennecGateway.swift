import ArgumentParser

/// The program: one command for everything that the gateway does.
@main
struct FennecGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fennec-gateway",
        abstract: "Relays live audio to the Fennec speech-to-text service, and keeps the API key to itself.",
        discussion: """
            Try it without the service, in three terminals:
              fennec-gateway simulate
              fennec-gateway serve --config config/demo.yaml
              fennec-gateway stream Tests/Fixtures/audio/speech.wav

            Exit codes: 0 for success, 1 for failure, 64 for wrong usage, 78 for a wrong configuration. Others are told \
            with the command.
            """,
        version: VersionText.line,
        subcommands: [
            Serve.self, CheckConfig.self, PolicyCommand.self, Simulate.self, Stream.self, Device.self, Sessions.self,
            Usage.self, KeyCommand.self, Version.self,
        ])
}
