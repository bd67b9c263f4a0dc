import GatewayCore

extension SettingsReader {
    /// `client_certificate` of a match: `any`, or patterns of names; `nil` when it could not be read.
    /// - Parameter names: The listeners of the rule; `nil` for all.
    func readCertificate(
        _ value: ConfigValue, through names: [String]?, _ listeners: [ListenerSettings]?
    ) -> CertificatePattern? {
        let reached = listeners?.filter { names?.contains($0.name) ?? true }
        if let reached, !reached.contains(where: { $0.tls?.clientCA != nil }) {
            value.refuse(
                ValueError(
                    "no listener of this rule asks for certificates",
                    hint: "give its tls client_ca, the PEM file of those who issue them"))
        }
        if value.node.text == "any" { return CertificatePattern() }
        let kinds = CertificatePattern.Kind.allCases.map(\.rawValue)
        guard case .mapping = value.node.kind else {
            value.refuseType(expected: "any, or a mapping with \(kinds.joined(separator: ", "))")
            return nil
        }
        guard let section = value.section(keys: kinds) else { return nil }
        var patterns: [CertificatePattern.Kind: [NameGlob]] = [:]
        for kind in CertificatePattern.Kind.allCases {
            guard let place = section[kind.rawValue] else { continue }
            patterns[kind] = readList(place, of: "names") { $0.parsed(NameText.parseCertificateGlob) }
        }
        if case .mapping([]) = value.node.kind {
            value.refuse(ValueError("expected at least one of \(kinds.joined(separator: ", ")), or the word any"))
        }
        return patterns.isEmpty || patterns.values.contains(where: \.isEmpty) ? nil : CertificatePattern(patterns)
    }
}
