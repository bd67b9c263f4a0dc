import ArgumentParser

/// `key`: the operator's API key.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Tells whether the API key works.", subcommands: [KeyCheck.self])
}
