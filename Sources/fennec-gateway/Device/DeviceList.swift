import ArgumentParser
import GatewayCore
import GatewayServer
import GatewayTelemetry

/// `device list`.
struct DeviceList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the devices, when each was last seen, and what it has used.")

    @Flag(help: "A JSON object on a line for each.")
    var json = false

    @OptionGroup var state: StateOptions

    func run() throws {
        let devices = try state.devices().devices()
        Console.out(json ? devices.map { Self.object($0).text + "\n" }.joined() : Self.table(devices))
    }

    private static func table(_ devices: [DeviceRecord]) -> String {
        let rows =
            [["NAME", "STATE", "POLICY", "EXPIRES", "LAST SEEN", "SESSIONS", "AUDIO SECONDS"]]
            + devices.map { device in
                [
                    device.name, device.presentState.rawValue, device.policy ?? "-", text(device.expires),
                    text(device.lastSeen), String(device.sessions), String(device.audio / 1000),
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return cells.joined(separator: "  ").trimmed + "\n"
        }.joined()
    }

    private static func object(_ device: DeviceRecord) -> JSONValue {
        [
            "name": .string(device.name), "state": .string(device.presentState.rawValue),
            "policy": device.policy.map { .string($0) } ?? .null, "added": .string(text(device.added)),
            "expires": device.expires.map { .string(text($0)) } ?? .null,
            "last_seen": device.lastSeen.map { .string(text($0)) } ?? .null,
            "sessions": .number(JSONNumber(device.sessions)), "audio_ms": .number(JSONNumber(device.audio)),
        ]
    }

    private static func text(_ moment: Int?) -> String { moment.map { UTCTime.text(Int64($0)) } ?? "-" }
}

extension String {
    /// Without spaces at the end.
    fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
