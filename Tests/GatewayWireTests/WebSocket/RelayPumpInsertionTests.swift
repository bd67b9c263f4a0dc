import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayWire

@Suite("Text of the gateway's own among the upstream's")
struct RelayPumpInsertionTests {
    private let client = EmbeddedChannel()
    private let upstream = EmbeddedChannel()
    private let pump: RelayPump

    init() throws {
        let clientLeg = WebSocketLeg(role: .server, limits: WebSocketLimits())
        let upstreamLeg = WebSocketLeg(role: .client, limits: WebSocketLimits())
        try client.pipeline.syncOperations.addHandler(clientLeg)
        try upstream.pipeline.syncOperations.addHandler(upstreamLeg)
        pump = RelayPump(client: clientLeg, heldBytesBound: 1024, masksAnew: false)
        clientLeg.sink = pump
        pump.attach(upstream: upstreamLeg)
    }

    /// The upstream sends a frame of so few bytes.
    private func receive(_ text: String, opcode: FrameOpcode = .text, isFinal: Bool = true) throws {
        let header = FrameHeader(isFinal: isFinal, opcode: opcode, maskKey: nil, payloadLength: text.utf8.count)
        try upstream.writeInbound(WebSocketLeg.encode(header, payload: ByteBuffer(string: text)))
    }

    /// What the client got: the text of each frame, an open one with an ellipsis.
    private func sent() throws -> [String] {
        pump.client.flush()
        var all = ByteBuffer()
        while var part = try client.readOutbound(as: ByteBuffer.self) { all.writeBuffer(&part) }
        var frames: [String] = []
        while let first = all.readInteger(as: UInt8.self), let length = all.readInteger(as: UInt8.self) {
            frames.append((all.readString(length: Int(length)) ?? "?") + (first & 0x80 == 0 ? "…" : ""))
        }
        return frames
    }

    private func insert(_ text: String) {
        pump.sendClient(text: ByteBuffer(string: text))
    }

    @Test("goes at once between messages")
    func between() throws {
        insert("a")
        try receive("1")
        insert("b")
        try receive("2")
        #expect(try sent() == ["a", "1", "b", "2"])
    }

    @Test("waits for the end of an open message, in order", arguments: [FrameOpcode.text, .binary])
    func inside(opcode: FrameOpcode) throws {
        try receive("1", opcode: opcode, isFinal: false)
        insert("a")
        insert("b")
        try receive("2", opcode: .continuation, isFinal: false)
        #expect(try sent() == ["1…", "2…"])
        try receive("3", opcode: .continuation)
        insert("c")
        try receive("4")
        #expect(try sent() == ["3", "a", "b", "c", "4"])
    }

    @Test("is dropped beyond the bound on what waits")
    func bound() throws {
        try receive("1", isFinal: false)
        for number in 0..<(RelayPump.mostInsertions + 3) { insert("i\(number)") }
        try receive("2", opcode: .continuation)
        #expect(try sent() == ["1…", "2"] + (0..<RelayPump.mostInsertions).map { "i\($0)" })
    }
}
