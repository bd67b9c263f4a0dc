/// What a rule wants of a client's certificate: of each kind of name that it speaks of, the certificate must have one
/// that fits one of the patterns. Without any, every certificate will do.
package struct CertificatePattern: Sendable, Equatable, CustomStringConvertible {
    /// A kind of name, as the configuration calls it.
    package enum Kind: String, Sendable, CaseIterable {
        case dns, uri, email
        case commonName = "common_name"

        /// Whether names of this kind mean the same in any case of letters.
        var ignoresCase: Bool { self == .dns || self == .email }
    }

    private let patterns: [Kind: [NameGlob]]

    /// - Parameter patterns: Alternatives, at least one of each kind that is spoken of.
    package init(_ patterns: [Kind: [NameGlob]] = [:]) {
        self.patterns = Dictionary(
            uniqueKeysWithValues: patterns.map { kind, globs in
                (kind, globs.map { NameGlob(Self.folded($0.description, kind)) })
            })
    }

    /// Whether the certificate is meant.
    package func matches(_ certificate: CertificateNames) -> Bool {
        patterns.allSatisfy { kind, globs in
            certificate.names(of: kind).contains { name in
                let name = Self.folded(name, kind)
                return globs.contains { $0.matches(name) }
            }
        }
    }

    /// Whether surely every certificate that `other` means is meant by this one.
    package func covers(_ other: CertificatePattern) -> Bool {
        patterns.allSatisfy { kind, globs in
            other.patterns[kind]?.allSatisfy { theirs in globs.contains { $0.covers(theirs) } } ?? false
        }
    }

    /// As people read it.
    package var description: String {
        let parts = Kind.allCases.compactMap { kind in
            patterns[kind].map { "\(kind.rawValue) \($0.map(\.description).joined(separator: " or "))" }
        }
        return parts.isEmpty ? "any" : parts.joined(separator: ", ")
    }

    private static func folded(_ name: String, _ kind: Kind) -> String {
        kind.ignoresCase ? AccessRequest.folded(name) : name
    }
}

extension CertificateNames {
    fileprivate func names(of kind: CertificatePattern.Kind) -> [String] {
        switch kind {
        case .dns: dns
        case .uri: uris
        case .email: emails
        case .commonName: commonName.map { [$0] } ?? []
        }
    }
}
