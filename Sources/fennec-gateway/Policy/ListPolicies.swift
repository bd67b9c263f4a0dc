import ArgumentParser
import GatewayCore

/// `policy list`: the policies of a configuration and where they are used.
struct ListPolicies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the policies of a configuration, in its order, and the rules that use them.",
        discussion: """
            A rule in parentheses gives the policy out only to clients that ask for it, with ?policy=NAME.

              fennec-gateway policy list --config config/cookbook.yaml

            Exit codes: 0 for success, 64 for wrong usage, 78 for a wrong configuration.
            """)

    @OptionGroup var source: PolicySource

    @Flag(help: "Print one line of JSON.")
    var json = false

    func run() throws {
        let list = PolicyList(try source.load())
        Console.out(json ? list.json.text + "\n" : list.text)
    }
}
