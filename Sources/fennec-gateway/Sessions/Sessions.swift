import ArgumentParser

/// `sessions`: what a running gateway relays.
struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the sessions of a running gateway, and ends them.",
        discussion: """
            Asks the gateway's admin listener: at its usual address, where --admin says, or where --config does.
              fennec-gateway sessions list
              fennec-gateway sessions list --config /etc/fennec-gateway/gateway.yaml
              fennec-gateway sessions list --admin unix:/run/fennec-gateway/admin.sock --token-file ~/admin-token
              fennec-gateway sessions kill 0123456789abcdef

            Exit codes: 0 for success, 1 for failure, 64 for wrong usage.
            """,
        subcommands: [SessionsList.self, SessionsKill.self], defaultSubcommand: SessionsList.self)
}
