import ArgumentParser
import GatewayCore

/// `sessions list`.
struct SessionsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists who streams, since when, and how it goes.")

    @Flag(help: "The gateway's own answer, in JSON.")
    var json = false

    @OptionGroup var admin: AdminOption

    private static let columns = [
        "id", "client", "rule", "policy", "state", "started_at", "audio_ms", "realtime_percent", "client_leg",
        "upstream_leg",
    ]

    func run() throws {
        let answer = try admin.client().ask("GET", "/sessions")
        guard answer.status == 200, let sessions = (try? JSONValue(parsing: answer.body))?.object?["sessions"],
            case .array(let sessions) = sessions
        else { throw CommandFailure("the gateway answered with \(answer.status)") }
        if json { return Console.out(String(decoding: answer.body, as: UTF8.self) + "\n") }
        let rows = sessions.map { session in Self.columns.map { Self.text(session.object?[$0]) } }
        Console.out(Self.table([Self.columns] + rows))
    }

    private static func text(_ value: JSONValue?) -> String {
        (value?.string ?? value?.number?.description ?? "-").printable
    }

    private static func table(_ rows: [[String]]) -> String {
        let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "\n"
        }.joined()
    }
}
