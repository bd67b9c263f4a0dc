import ArgumentParser
import GatewayServer

/// `device rotate`.
struct DeviceRotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Gives a device another token and prints it; sessions with the old one end within a second.")

    @Argument(help: "The device.")
    var name: DeviceName

    @OptionGroup var expiry: ExpiryOption
    @OptionGroup var state: StateOptions

    func run() throws {
        Console.out(try state.devices().rotate(name.text, expires: expiry.moment) + "\n")
    }
}
