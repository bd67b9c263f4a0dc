extension WAVFormat.Encoding {
    /// The samples as signed 16-bit little-endian ones: integers keep their upper bits, floats are rounded and limited.
    func linear16(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .unsigned8: bytes.flatMap { [0, $0 ^ 0x80] }
        case .signed16: bytes
        case .signed24: Self.upperBytes(of: bytes, sample: 3)
        case .signed32: Self.upperBytes(of: bytes, sample: 4)
        case .float32: Self.rounded(bytes)
        }
    }

    private static func upperBytes(of bytes: [UInt8], sample: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / sample * 2)
        for end in stride(from: sample, through: bytes.count, by: sample) { result += bytes[(end - 2)..<end] }
        return result
    }

    private static func rounded(_ bytes: [UInt8]) -> [UInt8] {
        let fields = LittleEndian(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2)
        for offset in stride(from: 0, to: bytes.count - 3, by: 4) {
            let float = Float(bitPattern: UInt32(fields.integer32(offset)))
            let value = float.isNaN ? 0 : max(-32768, min(32767, (float * 32768).rounded()))
            let bits = UInt16(bitPattern: Int16(value))
            result.append(UInt8(truncatingIfNeeded: bits))
            result.append(UInt8(truncatingIfNeeded: bits >> 8))
        }
        return result
    }
}
