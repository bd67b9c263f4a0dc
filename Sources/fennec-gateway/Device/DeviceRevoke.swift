import ArgumentParser
import GatewayServer

/// `device revoke`.
struct DeviceRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Takes a device's token away; its sessions end within a second.")

    @Argument(help: "The device.")
    var name: DeviceName

    @OptionGroup var state: StateOptions

    func run() throws {
        try state.devices().revoke(name.text)
    }
}
