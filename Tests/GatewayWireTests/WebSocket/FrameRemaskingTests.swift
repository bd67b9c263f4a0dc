import NIOCore
import Testing

@testable import GatewayWire

struct FrameRemaskingTests {
    /// The frames in `bytes`: their heads without keys, their keys, their payloads unmasked.
    private static func read(_ bytes: [UInt8]) -> (heads: [FrameHeader], keys: [UInt32], payloads: [[UInt8]]) {
        var result: (heads: [FrameHeader], keys: [UInt32], payloads: [[UInt8]]) = ([], [], [])
        var rest = bytes[...]
        let scanner = FrameScanner(expectsMask: true)
        while case .head(var header, let length) = rest.withUnsafeBytes({ scanner.scan($0) }) {
            var payload = Array(rest.dropFirst(length).prefix(header.payloadLength))
            let key = header.maskKey ?? 0
            payload.withUnsafeMutableBytes { FrameMask.apply(key, to: $0) }
            rest = rest.dropFirst(length + header.payloadLength)
            header.maskKey = nil
            result.heads.append(header)
            result.keys.append(key)
            result.payloads.append(payload)
        }
        return result
    }

    private static func frames(_ random: inout SeededGenerator) -> [[UInt8]] {
        [0, 1, 5, 125, 126, 1000, 70_000].map { size in
            let payload = ByteBuffer(bytes: random.bytes(size))
            let key = UInt32.random(in: .min ... .max, using: &random)
            return Array(WebSocketLeg.encode(opcode: .binary, payload: payload, maskKey: key).readableBytesView)
        }
    }

    @Test("Payloads survive, keys change and the given buffer is left alone")
    func remasking() {
        var random = SeededGenerator(seed: 3)
        let frames = Self.frames(&random).flatMap { $0 }
        let given = ByteBuffer(bytes: frames)
        var remasking = FrameRemasking()
        let result = Self.read(Array(remasking.remask(given).readableBytesView))
        let before = Self.read(frames)
        #expect(Array(given.readableBytesView) == frames)
        #expect(result.heads == before.heads)
        #expect(result.payloads == before.payloads)
        #expect(zip(result.keys, before.keys).allSatisfy { $0 != $1 })
    }

    @Test("A frame in slices is masked as one", arguments: UInt64(0)..<20)
    func slices(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var remasking = FrameRemasking()
        let frames = Self.frames(&random)
        var result: [UInt8] = []
        for frame in frames {
            let head = 14.clamped(to: frame.count)
            let pieces = [Array(frame.prefix(head))] + random.pieces(of: Array(frame.dropFirst(head)), upTo: 9000)
            for piece in pieces { result += remasking.remask(ByteBuffer(bytes: piece)).readableBytesView }
        }
        #expect(Self.read(result).payloads == Self.read(frames.flatMap { $0 }).payloads)
        #expect(Self.read(result).keys != Self.read(frames.flatMap { $0 }).keys)
    }
}

extension Int {
    fileprivate func clamped(to most: Int) -> Int { Swift.min(self, most) }
}
