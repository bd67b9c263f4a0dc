import Testing

@testable import GatewayCore

@Suite("Socket assignment")
struct SocketAssignmentTests {
    private static let upstream = UpstreamSettings(
        tokenURL: EndpointURL(scheme: .https, host: "a.example"),
        streamURL: EndpointURL(scheme: .wss, host: "a.example"), apiKeys: APIKeySettings(.file(path: "/key")))
    private static let settings = GatewaySettings(
        listeners: [
            ListenerSettings(name: "public", address: .ip(host: "127.0.0.1", port: 8080)),
            ListenerSettings(name: "lan", address: .ip(host: "::", port: 8081)),
        ], upstream: upstream, access: [])

    private static func socket(_ name: String, _ endpoint: SocketEndpoint, _ descriptor: Int32 = 3) -> InheritedSocket {
        InheritedSocket(name: name, descriptor: descriptor, kind: .listening(endpoint))
    }

    @Test("each listener gets the sockets of its name, several when there are several")
    func byName() throws {
        let assignment = try SocketAssignment(
            [
                Self.socket("public", .ip(host: "0.0.0.0", port: 80), 3),
                Self.socket("admin", .unix(path: "/run/admin.sock"), 4),
                Self.socket("public", .ip(host: "::", port: 80), 5),
                Self.socket("admin", .ip(host: "::1", port: 9780), 6),
            ], settings: Self.settings)
        #expect(assignment.descriptors == ["public": [3, 5], "admin": [4, 6]])
        #expect(try SocketAssignment([], settings: Self.settings) == SocketAssignment())
    }

    @Test(
        "what cannot be used is refused with its remedy",
        arguments: [
            (socket("pubic", .ip(host: "::", port: 80)), "public, lan, admin; did you mean public?"),
            (socket("", .ip(host: "::", port: 80)), "is nobody's"),
            (socket("fennec-gateway.socket", .ip(host: "::", port: 80)), "FileDescriptorName="),
            (socket("lan", .unix(path: "/run/lan")), "give ListenStream= an IP address and port"),
            (socket("admin", .ip(host: "192.168.0.1", port: 80)), "open the admin surface to the network"),
            (socket("admin", .ip(host: "::", port: 80)), "open the admin surface to the network"),
            (InheritedSocket(name: "public", descriptor: 3, kind: .other), "without Accept=yes"),
        ])
    func refused(_ socket: InheritedSocket, words: String) throws {
        let error = try #require(throws: SocketAssignment.Refused.self) {
            try SocketAssignment([socket], settings: Self.settings)
        }
        #expect(error.problems.count == 1)
        #expect(error.description.contains(words), "\(error)")
    }

    @Test("a socket for an admin surface that is switched off is refused")
    func adminOff() throws {
        var settings = Self.settings
        settings.admin = nil
        #expect(throws: SocketAssignment.Refused.self) {
            try SocketAssignment([Self.socket("admin", .unix(path: "/run/admin.sock"))], settings: settings)
        }
    }

    @Test("all problems are told at once")
    func all() throws {
        let sockets = [
            Self.socket("one", .ip(host: "::", port: 80)), Self.socket("public", .ip(host: "::", port: 80)),
            Self.socket("two", .ip(host: "::", port: 80)),
        ]
        let error = try #require(throws: SocketAssignment.Refused.self) {
            try SocketAssignment(sockets, settings: Self.settings)
        }
        #expect(error.problems.count == 2)
        #expect(error.description.split(separator: "\n").count == 2)
    }
}
