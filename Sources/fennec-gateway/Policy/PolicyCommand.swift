import ArgumentParser

/// `policy`: what the policies of a configuration are, and what they would do.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Shows the policies of a configuration and what they make of a start message.",
        discussion: """
            Nothing is connected to, no gateway needs to run, and the API key is not looked for.

            Which policies are there, and which rule uses which:
              fennec-gateway policy list --config config/cookbook.yaml
            What would become of this message:
              echo '{"type":"start","vad":{"min_silence_ms":50}}' |
                fennec-gateway policy explain -c config/cookbook.yaml -p dictation
            """,
        subcommands: [ExplainPolicy.self, ListPolicies.self, ShowPolicy.self, PolicySchema.self])
}
