import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayWire

@Suite("The tunnel through a proxy")
struct ConnectTunnelTests {
    /// What a tunnel decides on an answer that comes in pieces.
    private final class Rig {
        let channel = EmbeddedChannel()
        private(set) var decisions: [String?] = []

        init(authorization: String? = nil) throws {
            let proxy = WebSocketClient.Proxy(host: "proxy.example", port: 1, authorization: authorization)
            let tunnel = ConnectTunnel(to: "api.example:443", through: proxy) { [weak self] words in
                self?.decisions.append(words)
            }
            try channel.pipeline.syncOperations.addHandler(tunnel)
        }

        func feed(_ bytes: some Sequence<UInt8>) throws {
            try channel.writeInbound(ByteBuffer(bytes: Array(bytes)))
        }
    }

    @Test("asks for one tunnel, with credentials where there are some")
    func request() throws {
        let plain = try Rig().channel.readOutbound(as: ByteBuffer.self).map(String.init(buffer:))
        #expect(plain == "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n")
        let known = try Rig(authorization: "Basic eA==").channel.readOutbound(as: ByteBuffer.self)
        #expect(known.map(String.init(buffer:))?.contains("\r\nProxy-Authorization: Basic eA==\r\n\r\n") == true)
    }

    @Test("stands after any 2xx, however its answer is cut, and lets everything pass then")
    func established() throws {
        for status in ["200 OK", "204 x", "299"] {
            let rig = try Rig()
            for byte in "HTTP/1.1 \(status)\r\nVia: x\r\n\r\n".utf8 { try rig.feed([byte]) }
            #expect(rig.decisions == [nil])
            try rig.feed("later".utf8)
            #expect(try rig.channel.readInbound(as: ByteBuffer.self).map(String.init(buffer:)) == "later")
        }
    }

    @Test(
        "is refused in words by every other answer",
        arguments: [
            ("HTTP/1.1 407 Who\r\n\r\n", "407"), ("HTTP/1.1 301 Go\r\n\r\n", "301"),
            ("HTTP/1.1 100 Go\r\n\r\n", "100"), ("HTTP/2 200 OK\r\n\r\n", "not HTTP"), ("\r\n\r\n", "not HTTP"),
            ("HTTP/1.1  200\r\n\r\n", "not HTTP"), ("HTTP/1.1 +20 x\r\n\r\n", "not HTTP"),
            ("HTTP/1.1 200 OK\r\n\r\nx", "behind"),
        ])
    func refused(answer: String, words: String) throws {
        let rig = try Rig()
        try rig.feed(answer.utf8)
        #expect(rig.decisions.count == 1)
        #expect(rig.decisions.first??.contains(words) == true)
    }

    @Test("is not kept waiting by an answer without end, nor by one that breaks off")
    func bounds() throws {
        let endless = try Rig()
        try endless.feed("HTTP/1.1 200 OK\r\nX: ".utf8)
        for _ in 0..<32 where endless.decisions.isEmpty {
            try endless.feed(repeatElement(UInt8(ascii: "y"), count: 1024))
        }
        #expect(endless.decisions.first??.contains("endless") == true)
        let broken = try Rig()
        try broken.feed("HTTP/1.1 200".utf8)
        broken.channel.pipeline.fireChannelInactive()
        #expect(broken.decisions.first??.contains("ended") == true)
    }

    @Test("decides at most once, whatever strangers send")
    func fuzz() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = ["HTTP/1.1 ", "200", " OK", "\r\n", "\r\n\r\n", ":", " ", "\0", "\u{ff}", "407", "HTTP/1.0"]
        for _ in 0..<2000 {
            let rig = try Rig()
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                try rig.feed((pieces.randomElement(using: &random) ?? "").utf8)
            }
            rig.channel.pipeline.fireChannelInactive()
            #expect(rig.decisions.count == 1)
        }
    }
}
