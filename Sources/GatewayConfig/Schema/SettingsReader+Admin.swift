import GatewayCore

extension SettingsReader {
    private static let adminHint = """
        keep the token out of this file: write it to a file that only the gateway and its operators can read, and \
        here token: { file: /etc/fennec-gateway/admin-token }
        """

    /// `admin`, or `off`. The outer `nil` is reported; the inner one is `off`.
    func readAdmin(_ value: ConfigValue) -> AdminSettings?? {
        if value.node.text == "off" { return .some(nil) }
        guard case .mapping = value.node.kind else {
            value.refuseType(expected: "a mapping with address, or off")
            return nil
        }
        guard let section = value.section(keys: ["address", "socket_mode", "socket_group", "token"]),
            let address = section.required("address")?.parsed(SocketEndpointText.parseAdmin)
        else { return nil }
        var admin = AdminSettings(address: address)
        section.read("socket_mode", into: &admin.socket.mode) { $0.parsed(SocketModeText.parse) }
        admin.socket.group = section["socket_group"]?.parsed(NameText.parse)
        admin.token = section["token"].flatMap { readSecretPlace($0, hint: Self.adminHint)?.source }
        if case .ip = address {
            for key in ["socket_mode", "socket_group"] {
                section[key]?.refuse(
                    ValueError("is for unix sockets", hint: "address: \"unix:/run/fennec-gateway/admin.sock\""))
            }
        }
        return admin
    }

    /// Reports a listener at the address of the admin surface, which is the default one when none is given.
    func refuseSharedAddress(_ root: ConfigSection, listeners: [ListenerSettings], admin: AdminSettings?) {
        guard let address = admin?.address, !address.isAnyPort,
            let listener = listeners.first(where: { $0.address == address }),
            let place = root["admin"] ?? root["listeners"]
        else { return }
        place.refuse(
            ValueError(
                "the admin surface and listener \(listener.name) share \(address)",
                hint: "give one of them another port"))
    }
}
