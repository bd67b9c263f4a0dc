import ArgumentParser

/// `device`: the registry of devices.
struct Device: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Adds devices, lists them, and takes their tokens away.",
        discussion: """
            A device is a program that has a token of its own: a kiosk, a backend. It sends the token as \
            `Authorization: Bearer`, or as its API key when it uses the vendor's SDK. Access rules let devices in by name:
              access:
                - { name: kiosks, match: { device: "kiosk-*" } }

            Tokens are shown once; only their hashes are kept, in the gateway's state directory. A running gateway takes \
            note of every change within a second.
              fennec-gateway device add kiosk-1 --config /etc/fennec-gateway/fennec-gateway.yaml

            Exit codes: 0 for success, 1 for failure, 64 for wrong usage, 78 for a wrong configuration.
            """,
        subcommands: [DeviceAdd.self, DeviceImport.self, DeviceList.self, DeviceRotate.self, DeviceRevoke.self])
}
