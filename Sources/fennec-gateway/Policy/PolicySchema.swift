import ArgumentParser
import GatewayCore

/// `policy schema`: a policy as a JSON Schema.
struct PolicySchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema (2020-12) of a start message that a policy leaves as it is.",
        discussion: """
            For pages and programs that want to know before they ask. What the schema accepts, the gateway sends on \
            field for field; pages get the same from the gateway, with GET /gateway/policy.

              fennec-gateway policy schema dictation --config config/cookbook.yaml > start.schema.json

            Exit codes: 0 for success, 64 for wrong usage, 78 for a wrong configuration.
            """)

    @OptionGroup var source: PolicySource

    @Argument(help: "The policy.")
    var name: String

    func run() throws {
        Console.out(try source.load().policy(named: name).schema.text + "\n")
    }
}
