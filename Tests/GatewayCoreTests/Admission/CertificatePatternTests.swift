import GatewayCore
import Testing

@Suite("What rules want of certificates")
struct CertificatePatternTests {
    private typealias Names = [CertificatePattern.Kind: [String]]

    private static func pattern(_ names: Names) -> CertificatePattern {
        CertificatePattern(names.mapValues { $0.map(NameGlob.init) })
    }

    private static let certificate = CertificateNames(
        commonName: "Kiosk 1", dns: ["kiosk-1.Example", "other.example"], uris: ["spiffe://example/Kiosk/1"],
        emails: ["Ops@example.com"])

    @Test(
        "each kind that is spoken of must have a name that fits",
        arguments: [
            ([:], true), ([.commonName: ["Kiosk 1"]], true), ([.commonName: ["kiosk 1"]], false),
            ([.commonName: ["Kiosk ?", "x"]], true), ([.dns: ["KIOSK-*.example"]], true),
            ([.dns: ["other.example"]], true), ([.dns: ["*.test"]], false), ([.dns: ["Kiosk 1"]], false),
            ([.uri: ["spiffe://example/Kiosk/*"]], true), ([.uri: ["spiffe://example/kiosk/*"]], false),
            ([.email: ["ops@example.com"]], true), ([.email: ["*@example.org"]], false),
            ([.dns: ["kiosk-*"], .commonName: ["Kiosk *"]], true),
            ([.dns: ["kiosk-*"], .commonName: ["other"]], false),
        ] as [([CertificatePattern.Kind: [String]], Bool)])
    func matches(names: [CertificatePattern.Kind: [String]], fits: Bool) {
        #expect(Self.pattern(names).matches(Self.certificate) == fits)
    }

    @Test("a certificate without names fits only what wants none")
    func nameless() {
        #expect(CertificatePattern().matches(CertificateNames()))
        for kind in CertificatePattern.Kind.allCases {
            #expect(!Self.pattern([kind: ["*"]]).matches(CertificateNames()))
        }
    }

    @Test(
        "one covers another that means no other certificates",
        arguments: [
            ([:], [:], true), ([:], [.dns: ["a"]], true), ([.dns: ["a"]], [:], false),
            ([.dns: ["*"]], [.dns: ["a", "b"]], true), ([.dns: ["a"]], [.dns: ["a", "b"]], false),
            ([.dns: ["a"]], [.dns: ["A"], .uri: ["x"]], true), ([.uri: ["a"]], [.uri: ["A"]], false),
            ([.dns: ["a"], .uri: ["*"]], [.dns: ["a"]], false),
        ] as [([CertificatePattern.Kind: [String]], [CertificatePattern.Kind: [String]], Bool)])
    func covers(mine: [CertificatePattern.Kind: [String]], theirs: [CertificatePattern.Kind: [String]], covers: Bool) {
        #expect(Self.pattern(mine).covers(Self.pattern(theirs)) == covers)
    }

    @Test("people read them as they are written")
    func words() {
        #expect("\(CertificatePattern())" == "any")
        let pattern = Self.pattern([.dns: ["A.example", "b"], .commonName: ["K 1"]])
        #expect("\(pattern)" == "dns a.example or b, common_name K 1")
    }

    private static let access = AccessPolicy(
        rules: [
            AccessRule(
                name: "both", devices: [NameGlob("kiosk-*")],
                certificate: CertificatePattern([.commonName: [NameGlob("Kiosk *")]])),
            AccessRule(
                name: "uri", certificate: CertificatePattern([.uri: [NameGlob("spiffe://other/*")]]),
                listeners: ["mutual"]),
            AccessRule(name: "any", certificate: CertificatePattern(), listeners: ["mutual"]),
        ], hosts: [])

    @Test(
        "a rule lets in whom device and certificate fit, and says when one is missing",
        arguments: [
            ("kiosk-1", certificate, "public", "both"), (nil, certificate, "public", "credential_required"),
            ("kiosk-1", nil, "public", "credential_required"), ("other", certificate, "public", "address_refused"),
            (nil, certificate, "mutual", "any"), (nil, CertificateNames(uris: ["spiffe://other/1"]), "mutual", "uri"),
            (nil, nil, "mutual", "credential_required"),
            ("kiosk-1", CertificateNames(commonName: "x"), "public", "address_refused"),
        ] as [(String?, CertificateNames?, String, String)])
    func rules(device: String?, certificate: CertificateNames?, listener: String, outcome: String) {
        let request = AccessRequest(
            listener: listener, host: "localhost", origins: [], client: ClientAddress(IPAddress("192.0.2.1")),
            local: nil, device: device, certificate: certificate)
        switch Self.access.decide(request) {
        case .admitted(let rule): #expect(rule.name == outcome)
        case .refused(let refusal): #expect(refusal.rawValue == outcome)
        }
    }
}
