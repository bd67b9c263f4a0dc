import ArgumentParser
import GatewayConfig
import GatewayCore

/// `policy explain`: what a policy makes of one start message.
struct ExplainPolicy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows what a policy makes of a start message: field by field, and what goes upstream.",
        discussion: """
            The message is read from FILE or the standard input, and judged exactly as a client's would be.

              fennec-gateway policy explain --config F --policy dictation < start.json
              fennec-gateway policy explain -c F -p dictation start.json \\
                --query detect_thoughts=true

            In a script, when nothing may be changed:
              fennec-gateway policy explain -c F -p dictation start.json || exit

            The table has what was asked (- when the client is silent), what is applied, why they differ (min, max, \
            fixed, default, denied, unknown; followed by refused, or by observed when it is only counted), and what the \
            policy allows.

            Exit codes: 0 when the message goes upstream unchanged, 1 when it is changed, 2 when it is refused, 64 for \
            wrong usage or a message that cannot be read, 78 for a wrong configuration.
            """)

    @OptionGroup var source: PolicySource

    @Option(name: .shortAndLong, help: .init("The policy.", valueName: "name"))
    var policy: String

    @Option(
        help: .init(
            "The query of the stream's URL; of it, detect_thoughts=true counts as a field.", valueName: "query"))
    var query = ""

    @Flag(help: "Print one line of JSON.")
    var json = false

    @Argument(help: "A file with the message. (default: the standard input)")
    var file: String?

    func run() throws {
        let config = try source.load()
        let policy = try config.policy(named: policy)
        let (bytes, isCut) = try read(atMost: config.settings.sessions.maxTextMessageBytes)
        let explanation = Explanation(
            bytes, isTooBig: isCut, asksForThoughts: query.split(separator: "&").contains("detect_thoughts=true"),
            policy: policy)
        Console.out(json ? explanation.json.text + "\n" : explanation.text)
        switch explanation.verdict {
        case .unchanged: break
        case .changed: throw ExitCode(ExitStatus.changed)
        case .refused: throw ExitCode(ExitStatus.refused)
        }
    }

    private func read(atMost limit: Int) throws -> (bytes: [UInt8], isCut: Bool) {
        do throws(CommandFailure) {
            return try InputBytes.read(file, atMost: limit)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
