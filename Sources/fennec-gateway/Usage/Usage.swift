import ArgumentParser

/// `usage`: what the ledger says.
struct Usage: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads the ledger: who used how much, and every record for shipping elsewhere.",
        discussion: """
            The gateway may run meanwhile. Run as root, these commands act as the owner of the ledger's directory, so \
            that they leave no file that the gateway cannot write.
            """,
        subcommands: [UsageReportCommand.self, UsageExportCommand.self])
}
