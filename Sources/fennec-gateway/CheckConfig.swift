import ArgumentParser
import GatewayConfig

/// `check-config`: everything that is wrong with a configuration file, or what it would do.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks a configuration file and tells what it would serve.",
        discussion: """
            Every problem is reported at once, with line and column; so is what is allowed but doubtful, as a warning. \
            The API key is not looked for.

            Before a reload, in a script:
              fennec-gateway check-config --quiet /etc/fennec-gateway/fennec-gateway.yaml && systemctl reload fennec-gateway

            Exit codes: 0 when the file is right, warnings or not, 78 when it is not.
            """)

    @Argument(help: "The configuration file, in YAML.")
    var file: String

    @Flag(name: .shortAndLong, help: "Say nothing but warnings when the file is right.")
    var quiet = false

    func run() throws {
        do throws(ConfigFailure) {
            let config = try ConfigLoader.load(path: file)
            Console.error(ConfigReport.render(config.warnings, path: file))
            if !quiet { Console.out("\(file) is right.\n\(ConfigSummary(config))") }
        } catch {
            Console.error(error.description)
            throw ExitCode(ExitStatus.configuration)
        }
    }
}
