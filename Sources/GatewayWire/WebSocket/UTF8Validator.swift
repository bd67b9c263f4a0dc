/// Checks UTF-8 (RFC 3629 §4) over pieces: overlong forms, surrogates and what lies above U+10FFFF are refused at the
/// first byte that shows them.
package struct UTF8Validator: Sendable {
    /// Continuation bytes that must still come.
    private var missing = 0
    /// What the next continuation byte may be.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    package init() {}

    /// Whether the text may end here.
    package var isAtBoundary: Bool { missing == 0 }

    /// Takes the next piece; `false` when it cannot be UTF-8.
    package mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if missing == 0 {
                index = Self.skipASCII(bytes, from: index)
                if index == bytes.count { break }
                guard begin(bytes[index]) else { return false }
            } else {
                guard (low...high).contains(bytes[index]) else { return false }
                (low, high) = (0x80, 0xBF)
                missing -= 1
            }
            index += 1
        }
        return true
    }

    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }

    private mutating func begin(_ lead: UInt8) -> Bool {
        switch lead {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF4: (missing, high) = (3, 0x8F)
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
