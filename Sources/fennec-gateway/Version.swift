import ArgumentParser

/// `version`: what is running.
struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells the version of the program and of the libraries that it runs with.",
        discussion: "One line, for bug reports. --version says the same.")

    func run() {
        Console.out(VersionText.line + "\n")
    }
}
