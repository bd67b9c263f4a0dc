import ArgumentParser
import GatewayCore

/// `policy show`: one policy with everything that it inherits.
struct ShowPolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a policy with everything that it inherits: what is allowed for every field.",
        discussion: """
            Presets and the policies that it extends are resolved; fields that none of them mentions have the bounds of \
            what makes sense to the service. --json prints what a client gets as limits from GET /gateway/policy.

              fennec-gateway policy show dictation --config config/cookbook.yaml

            Exit codes: 0 for success, 64 for wrong usage, 78 for a wrong configuration.
            """)

    @OptionGroup var source: PolicySource

    @Argument(help: "The policy.")
    var name: String

    @Flag(help: "Print one line of JSON.")
    var json = false

    func run() throws {
        let policy = try source.load().policy(named: name)
        Console.out(json ? policy.json.text + "\n" : PolicyText(policy).description)
    }
}
