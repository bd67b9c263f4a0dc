import GatewayCore

extension SettingsReader {
    /// `listeners`; `nil` is reported.
    func readListeners(_ value: ConfigValue) -> [ListenerSettings]? {
        guard let items = value.sections(of: "listeners") else { return nil }
        var names: [(value: String, place: ConfigValue)] = []
        var addresses: [(value: String, place: ConfigValue)] = []
        var listeners: [ListenerSettings] = []
        for item in items {
            let keys = [
                "name", "address", "hosts", "tls", "client_address", "trusted_proxies", "plaintext_credentials",
                "demo_page",
            ]
            guard let section = item.section(keys: keys) else { continue }
            let name = section.required("name")?.parsed(Self.parseListenerName)
            if let name, let place = section["name"] { names.append((name, place)) }
            let address = section.required("address")?.parsed(SocketEndpointText.parseIP)
            if let address, let place = section["address"], !address.isAnyPort {
                addresses.append((address.description, place))
            }
            let hosts = section["hosts"].map(readHosts) ?? []
            let tls = section["tls"].flatMap(readTLS)
            guard let name, let address else { continue }
            var listener = ListenerSettings(name: name, address: address, tls: tls, hosts: hosts)
            readClients(section, into: &listener)
            section.read("demo_page", into: &listener.servesDemoPage) {
                $0.choice(of: [("true", true), ("false", false)])
            }
            listeners.append(listener)
        }
        ConfigValue.refuseRepeated(names)
        ConfigValue.refuseRepeated(addresses)
        return listeners
    }

    private static func parseListenerName(_ text: String) throws(ValueError) -> String {
        let name = try NameText.parse(text)
        guard name != SocketAssignment.admin else { throw ValueError("is the admin surface's name: take another") }
        return name
    }

    private func readHosts(_ value: ConfigValue) -> [String] {
        let hosts = value.list(of: "host names")?.compactMap { place in
            place.parsed(HostText.parseName).map { (value: $0, place: place) }
        }
        ConfigValue.refuseRepeated(hosts ?? [])
        return hosts?.map(\.value) ?? []
    }

    /// What the listener believes about its clients.
    private func readClients(_ section: ConfigSection, into listener: inout ListenerSettings) {
        section.read("client_address", into: &listener.clientAddress) {
            $0.choice(of: ClientAddressSource.allCases.map { ($0.rawValue, $0) })
        }
        section.read("trusted_proxies", into: &listener.trustedProxies) { value in
            value.list(of: "address ranges")?.compactMap { $0.parsed(AddressRangeText.parseProxy) }.flatMap(\.self)
        }
        section.read("plaintext_credentials", into: &listener.allowsPlaintextCredentials) {
            $0.choice(of: [("allow", true), ("refuse", false)])
        }
        if listener.clientAddress == .peer, let proxies = section["trusted_proxies"] {
            proxies.refuse(
                ValueError(
                    "is for listeners behind proxies", hint: "add client_address: x-forwarded-for, forwarded or proxy"))
        }
        if listener.clientAddress != .peer, section["trusted_proxies"] == nil, let source = section["client_address"] {
            source.refuse(ValueError("needs trusted_proxies: the proxies that are believed"))
        }
    }

    private func readTLS(_ value: ConfigValue) -> TLSSettings? {
        let keys = ["certificate", "key", "client_ca", "client_certificates"]
        guard let section = value.section(keys: keys) else { return nil }
        let certificate = section.required("certificate").flatMap(readFile)
        let key = section.required("key").flatMap(readFile)
        let clientCA = section["client_ca"].flatMap(readFile)
        var isRequired = true
        section.read("client_certificates", into: &isRequired) {
            $0.choice(of: [("required", true), ("optional", false)])
        }
        if section["client_ca"] == nil, let place = section["client_certificates"] {
            place.refuse(ValueError("needs client_ca beside it: the PEM file of those who issue them"))
        }
        guard let certificate, let key else { return nil }
        return TLSSettings(
            certificate: certificate, key: key, clientCA: clientCA, requiresClientCertificates: isRequired)
    }
}

extension SocketEndpoint {
    var isAnyPort: Bool {
        if case .ip(_, port: 0) = self { true } else { false }
    }
}
