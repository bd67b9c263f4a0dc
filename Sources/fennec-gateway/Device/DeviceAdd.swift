import ArgumentParser
import GatewayConfig
import GatewayServer

/// `device add`.
struct DeviceAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a device and prints its token, which is shown this once.")

    @Argument(help: "Its name: letters, digits, dots, dashes and underscores.")
    var name: DeviceName

    @Option(help: "The policy of its sessions, whatever its access rule says.")
    var policy: String?

    @OptionGroup var expiry: ExpiryOption
    @OptionGroup var state: StateOptions

    func run() throws {
        if let policy, let known = try state.policies(), !known.contains(policy) {
            throw CommandFailure("there is no policy \(policy) in the configuration")
        }
        let token = try state.devices().add(name.text, policy: policy, expires: expiry.moment)
        Console.out(token + "\n")
    }
}

/// The name of a device.
struct DeviceName: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        let isName = argument.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || ".-_".utf8.contains(byte)
        }
        guard (1...64).contains(argument.utf8.count), isName else { return nil }
        text = argument
    }
}
