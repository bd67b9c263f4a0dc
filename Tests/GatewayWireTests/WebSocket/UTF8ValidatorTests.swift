import Testing

@testable import GatewayWire

struct UTF8ValidatorTests {
    /// Whether the bytes, offered in these pieces, are accepted to the end and may end there.
    private static func isValid(_ pieces: [ArraySlice<UInt8>]) -> Bool {
        var validator = UTF8Validator()
        for piece in pieces where !piece.withUnsafeBytes({ validator.accept($0) }) { return false }
        return validator.isAtBoundary
    }

    private static let texts: [([UInt8], Bool)] = [
        ([], true), ([0x00], true), ([0x7F], true), ([0x80], false), ([0xBF], false), ([0xC0, 0x80], false),
        ([0xC1, 0xBF], false), ([0xC2, 0x80], true), ([0xDF, 0xBF], true), ([0xC2, 0x7F], false),
        ([0xC2, 0xC0], false), ([0xE0, 0x9F, 0xBF], false), ([0xE0, 0xA0, 0x80], true), ([0xE1, 0x80, 0x80], true),
        ([0xEC, 0xBF, 0xBF], true), ([0xED, 0x9F, 0xBF], true), ([0xED, 0xA0, 0x80], false),
        ([0xED, 0xBF, 0xBF], false), ([0xEE, 0x80, 0x80], true), ([0xEF, 0xBF, 0xBF], true),
        ([0xEF, 0xBF, 0xBE], true), ([0xF0, 0x8F, 0xBF, 0xBF], false), ([0xF0, 0x90, 0x80, 0x80], true),
        ([0xF3, 0xBF, 0xBF, 0xBF], true), ([0xF4, 0x8F, 0xBF, 0xBF], true), ([0xF4, 0x90, 0x80, 0x80], false),
        ([0xF5, 0x80, 0x80, 0x80], false), ([0xFE], false), ([0xFF], false), ([0xE2, 0x82], false),
        ([0xE2, 0x28, 0xA1], false), ([0xF0, 0x9F, 0x98], false), ([0xF0, 0x9F, 0x98, 0x41], false),
        (Array("κόσμε, 日本語 and 👋 after a longer run of plain ASCII".utf8), true),
        (Array("abcdefghijklmnop".utf8) + [0xED, 0xA0, 0x80] + Array("rest".utf8), false),
    ]

    @Test("Boundaries of RFC 3629 are kept at every split", arguments: texts)
    func boundaries(text: [UInt8], isValid: Bool) {
        #expect(Self.isValid([text[...]]) == isValid)
        #expect(Self.isValid(text.indices.map { text[$0...$0] }) == isValid)
        for cut in 0...text.count { #expect(Self.isValid([text[..<cut], text[cut...]]) == isValid) }
        let padded = Array("12345678".utf8) + text + Array("12345678".utf8)
        for cut in 0...padded.count { #expect(Self.isValid([padded[..<cut], padded[cut...]]) == isValid) }
    }

    @Test("Every sequence of two bytes is judged as the standard library judges it")
    func pairs() {
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max {
                let bytes = [first, second]
                let expected = String(validating: bytes, as: UTF8.self) != nil
                #expect(Self.isValid([bytes[...]]) == expected)
            }
        }
    }

    @Test("Every lead of three bytes and of four is judged as the standard library judges it")
    func leads() {
        let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for first in UInt8(0xE0) ... .max {
            for second in UInt8.min ... .max {
                for third in edges {
                    for tail in [[third], [third, 0x80], [third, 0xBF], [third, 0xC0]] {
                        let bytes = [first, second] + tail
                        let expected = String(validating: bytes, as: UTF8.self) != nil
                        #expect(Self.isValid([bytes[...]]) == expected)
                    }
                }
            }
        }
    }

    @Test("A surrogate is refused at the byte that shows it")
    func early() {
        var validator = UTF8Validator()
        #expect(!([0xED, 0xA0] as [UInt8]).withUnsafeBytes { validator.accept($0) })
    }
}
