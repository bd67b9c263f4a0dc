import NIOCore
import Testing

@testable import GatewayWire

struct CloseFrameTests {
    @Test("Codes that may stand on the wire are those of RFC 6455 §7.4 and its registry")
    func codes() {
        let legal = Set(1000...1003).union(1007...1014).union(3000...4999)
        for code in UInt16.min ... .max {
            #expect(CloseFrame.mayStandOnTheWire(code) == legal.contains(Int(code)))
        }
    }

    @Test("Payloads are parsed strictly")
    func parsing() {
        let parse = { (bytes: [UInt8]) in CloseFrame.parse(ByteBuffer(bytes: bytes)) }
        #expect(parse([]) == .success(CloseFrame(code: nil)))
        #expect(parse([0x03]) == .failure(.protocolError("close frame of one byte")))
        #expect(parse([0x03, 0xE8]) == .success(CloseFrame(code: 1000)))
        #expect(parse([0x03, 0xE8] + Array("ok ✓".utf8)) == .success(CloseFrame(code: 1000, reason: "ok ✓")))
        #expect(parse([0x03, 0xED]) == .failure(.protocolError("close code that may not be sent")))
        #expect(parse([0x03, 0xE8, 0xC3]) == .failure(.invalidUTF8))
        #expect(parse([0x03, 0xE8, 0xED, 0xA0, 0x80]) == .failure(.invalidUTF8))
    }

    @Test("A reason is cut to 123 bytes between characters")
    func cutting() {
        #expect(CloseFrame(code: 1000, reason: String(repeating: "a", count: 200)).payload.readableBytes == 125)
        let payload = CloseFrame(code: 1000, reason: String(repeating: "a", count: 122) + "é").payload
        #expect(payload.readableBytes == 124)
        #expect(CloseFrame(code: 4000, reason: "bye").payload == ByteBuffer(bytes: [0x0F, 0xA0] + Array("bye".utf8)))
    }

    @Test("A code that may not stand on the wire is never written", arguments: [nil, 0, 999, 1005, 1006, 1015, 5000])
    func unsendable(code: UInt16?) {
        #expect(CloseFrame(code: code, reason: "words").payload == ByteBuffer())
    }

    @Test("What is written is read back", arguments: [1000, 1003, 1007, 1014, 3000, 4999] as [UInt16])
    func roundTrip(code: UInt16) {
        let frame = CloseFrame(code: code, reason: "naïve")
        #expect(CloseFrame.parse(frame.payload) == .success(frame))
    }
}
