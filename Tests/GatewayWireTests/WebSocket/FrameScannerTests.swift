import Testing

@testable import GatewayWire

struct FrameScannerTests {
    private static func scan(_ bytes: [UInt8], expectsMask: Bool = false) -> FrameScanner.Result {
        bytes.withUnsafeBytes { FrameScanner(expectsMask: expectsMask).scan($0) }
    }

    private static func isViolation(_ result: FrameScanner.Result) -> Bool {
        if case .violation(.protocolError) = result { true } else { false }
    }

    @Test("Of the 256 first bytes, those with a known opcode and no reserved bit may stand")
    func firstByte() {
        for first in UInt8.min ... .max { Self.checkFirst(first) }
    }

    private static func checkFirst(_ first: UInt8) {
        let opcode = FrameOpcode(rawValue: first & 0x0F)
        let isRefusedAlone = first & 0x70 != 0 || opcode == nil
        #expect(isViolation(scan([first])) == isRefusedAlone)
        if !isRefusedAlone { #expect(scan([first]) == .incomplete) }
        let isRefused = isRefusedAlone || opcode?.isControl == true && first & 0x80 == 0
        let result = scan([first, 0])
        #expect(isViolation(result) == isRefused)
        if !isRefused, let opcode {
            let header = FrameHeader(isFinal: first & 0x80 != 0, opcode: opcode, payloadLength: 0)
            #expect(result == .head(header, length: 2))
        }
    }

    @Test("Of the 256 second bytes, the mask bit must fit the role and control frames stay short")
    func secondByte() {
        for byte in UInt8.min ... .max { Self.checkSecond(byte) }
    }

    private static func checkSecond(_ byte: UInt8) {
        for expectsMask in [false, true] {
            for first: UInt8 in [0x82, 0x89] {
                let isMasked = byte & 0x80 != 0
                let isRefused = isMasked != expectsMask || first == 0x89 && byte & 0x7F > 125
                #expect(isViolation(scan([first, byte], expectsMask: expectsMask)) == isRefused)
            }
        }
    }

    @Test(
        "Lengths are read in their shortest form only",
        arguments: [
            ([126, 0, 125], nil), ([126, 0, 126], 126), ([126, 0xFF, 0xFF], 0xFFFF), ([126, 0, 0], nil),
            ([127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], nil), ([127, 0, 0, 0, 0, 0, 1, 0, 0], 0x10000),
            ([127, 0, 0, 0, 0, 0, 0, 0, 0], nil), ([127, 0x80, 0, 0, 0, 0, 0, 0, 0], nil),
            ([127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Int.max),
            ([127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], nil), ([125], 125), ([0], 0),
        ] as [([UInt8], Int?)])
    func lengths(field: [UInt8], length: Int?) {
        let result = Self.scan([0x82] + field)
        guard let length else {
            #expect(Self.isViolation(result))
            return
        }
        #expect(result == .head(FrameHeader(opcode: .binary, payloadLength: length), length: 1 + field.count))
    }

    private static let heads: [FrameHeader] = [0, 1, 125, 126, 127, 0xFFFF, 0x10000, 1 << 40].flatMap { length in
        [nil, 0, 0x0403_0201, .max].flatMap { key in
            [true, false].map { isFinal in
                FrameHeader(isFinal: isFinal, opcode: .text, maskKey: key, payloadLength: length)
            }
        }
    }

    private static func encode(_ header: FrameHeader) -> [UInt8] {
        var bytes: [UInt8] = [header.opcode.rawValue | (header.isFinal ? 0x80 : 0)]
        let bit: UInt8 = header.maskKey == nil ? 0 : 0x80
        let length = header.payloadLength
        let wide = (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        switch length {
        case ..<126: bytes.append(UInt8(length) | bit)
        case ...0xFFFF: bytes += [126 | bit] + wide.suffix(2)
        default: bytes += [127 | bit] + wide
        }
        if let key = header.maskKey { bytes += (0..<4).map { UInt8(truncatingIfNeeded: key >> ($0 * 8)) } }
        return bytes
    }

    @Test("Every beginning of a head is incomplete, and what follows it changes nothing")
    func beginnings() {
        for header in Self.heads {
            let bytes = Self.encode(header)
            #expect(bytes.count == header.encodedLength)
            let isMasked = header.maskKey != nil
            for count in 0..<bytes.count {
                #expect(Self.scan(Array(bytes.prefix(count)), expectsMask: isMasked) == .incomplete)
            }
            let whole = FrameScanner.Result.head(header, length: bytes.count)
            #expect(Self.scan(bytes, expectsMask: isMasked) == whole)
            #expect(Self.scan(bytes + [0xFF, 0xFF], expectsMask: isMasked) == whole)
        }
    }
}
