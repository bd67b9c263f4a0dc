import ArgumentParser
import GatewayCore
import GatewayTesting

/// `policy`: what it costs to read a `start`, to judge it and to write it anew.
struct PolicyCost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Measures what a policy's decision costs: once for each session, never for a frame.",
        discussion: """
            For the vendor's three example messages and for messages of 64 KiB: µs to decide alone, and to read the \
            client's text, decide and write what goes upstream. Medians of rounds, with minimum and maximum. Build \
            with -c release.

              gateway-bench policy

            Allocations are counted from outside, with heaptrack or another counter of malloc: what two runs with \
            --rounds 1 and N and 2N decisions differ by, divided by N, of which --alone tells the part that is the \
            decision alone. Without --alone every message is decided on twice, alone and in the whole.

              gateway-bench policy --only dictation --rounds 1 --decisions 100 --alone
            """)

    @Option(help: "Decisions in a round.")
    var decisions = 200

    @Option(help: "Rounds.")
    var rounds = 15

    @Option(help: ArgumentHelp("Measure one message alone.", valueName: "message"))
    var only: String?

    @Flag(help: "Decide alone, without reading and writing.")
    var alone = false

    func validate() throws {
        guard decisions > 0, rounds > 0 else { throw ValidationError("--decisions and --rounds are above 0") }
        let names = PolicyCostMessage.all.map(\.name)
        if let only, !names.contains(only) {
            throw ValidationError("--only is one of \(names.joined(separator: ", "))")
        }
    }

    func run() throws {
        Output.line("µs for each decision, \(rounds) rounds of \(decisions): median (minimum to maximum)")
        for message in PolicyCostMessage.all where only == nil || only == message.name {
            let start = try message.read()
            let label = "\(message.name), \(message.text.count) bytes"
            let deciding = try measure { PolicyCostMessage.policy.decide(start).message }
            Output.line("\(label): decide \(deciding)")
            if alone { continue }
            let whole = try measure { try PolicyCostMessage.policy.decide(message.read()).message?.json.encoded }
            Output.line("\(label): read, decide, write \(whole)")
        }
    }

    /// Work that gives nothing is a start that was refused, and no measure of one that goes on.
    private func measure<Product>(_ work: () throws -> Product?) throws -> String {
        let clock = ContinuousClock()
        let figures = Distribution(
            try (0..<rounds).map { _ in
                let time = try clock.measure {
                    for _ in 0..<decisions {
                        guard try work() != nil else { throw TestingFailure("the policy refuses the message") }
                    }
                }
                return time / .microseconds(1) / Double(decisions)
            })
        let texts = [figures.median, figures.minimum, figures.maximum].map { "\(($0 * 10).rounded() / 10)" }
        return "\(texts[0]) (\(texts[1]) to \(texts[2]))"
    }
}
