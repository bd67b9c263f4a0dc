import Testing

@testable import GatewayWire

struct FrameMaskTests {
    @Test("Masking is that of RFC 6455 §5.3 at every offset, length and alignment")
    func naive() {
        var random = SeededGenerator(seed: 1)
        for offset in 0..<9 {
            for count in 0..<40 {
                for start in 0..<3 {
                    let key = UInt32.random(in: .min ... .max, using: &random)
                    let plain = random.bytes(start + count)
                    var masked = plain
                    masked.withUnsafeMutableBytes {
                        FrameMask.apply(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]), offset: offset)
                    }
                    let octets = (0..<4).map { UInt8(truncatingIfNeeded: key >> ($0 * 8)) }
                    for index in 0..<count {
                        #expect(masked[start + index] == plain[start + index] ^ octets[(offset + index) % 4])
                    }
                    #expect(masked.prefix(start) == plain.prefix(start))
                }
            }
        }
    }

    @Test("The example of RFC 6455 §5.7 unmasks to Hello")
    func example() {
        var bytes: [UInt8] = [0x7F, 0x9F, 0x4D, 0x51, 0x58]
        bytes.withUnsafeMutableBytes { FrameMask.apply(0x3D21_FA37, to: $0) }
        #expect(String(decoding: bytes, as: UTF8.self) == "Hello")
    }
}
