import ArgumentParser

/// `sessions`: what a running gateway relays.
struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the sessions of a running gateway, and ends them.",
        discussion: """
            Asks the gateway's admin listener.
              fennec-gateway sessions list
              fennec-gateway sessions kill 0123456789abcdef

            Exit codes: 0 for success, 1 for failure, 64 for wrong usage.
            """,
        subcommands: [SessionsList.self, SessionsKill.self], defaultSubcommand: SessionsList.self)
}
