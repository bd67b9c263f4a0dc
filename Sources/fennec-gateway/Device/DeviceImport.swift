import ArgumentParser
import GatewayServer
import Glibc

/// `device import`.
struct DeviceImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Adds the devices of a CSV file, all of them or none.",
        discussion: """
            The first line names the columns, of which only name is required:
              name,policy,expires,sha256
              kiosk-1,noisy,720h,
              kiosk-2,,2027-01-31,5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5

            expires is a duration from now, a day or a moment in UTC; without it the token is good for ever. sha256 is the \
            hash of a token that the device has already, \(DeviceToken.form). Where it is missing a token is made, and \
            printed this once, as CSV: name,token.

            Everything that is wrong is told with its line, and then nothing is added. At most \
            \(DeviceSheet.mostDevices) devices and \(DeviceSheet.maxBytes >> 20) MiB at a time.
              fennec-gateway device import fleet.csv --config /etc/fennec-gateway/fennec-gateway.yaml > tokens.csv
            """)

    @Argument(help: "The file, or - for the standard input.")
    var file: String

    @OptionGroup var state: StateOptions

    func run() throws {
        let (bytes, isCut) = try InputBytes.read(file == "-" ? nil : file, atMost: DeviceSheet.maxBytes)
        guard !isCut else { throw CommandFailure("\(file) is larger than \(DeviceSheet.maxBytes >> 20) MiB") }
        var sheet = DeviceSheet(bytes, policies: try state.policies(), now: time(nil) * 1000)
        let database = try state.devices()
        let (tokens, collisions) = try database.add(sheet.rows.map(\.device), dryRun: !sheet.problems.isEmpty)
        for collision in collisions { sheet.refuse(sheet.rows[collision.index].line, collision.words) }
        guard sheet.problems.isEmpty else {
            for problem in sheet.problems.sorted(by: { $0.line < $1.line }) {
                Console.error("\(file):\(problem.line): \(problem.words)\n")
            }
            throw CommandFailure("nothing was imported: \(sheet.problems.count) problem(s)")
        }
        let made = zip(sheet.rows, tokens).compactMap { row, token in token.map { "\(row.device.name),\($0)\n" } }
        if !made.isEmpty { Console.out("name,token\n" + made.joined()) }
        Console.error("imported \(sheet.rows.count) device(s), \(made.count) with a new token\n")
    }
}
