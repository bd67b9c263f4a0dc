/// The masking of RFC 6455 §5.3: the same operation masks and unmasks.
package enum FrameMask {
    /// Combines `bytes` with `key` in place. `offset` is how many bytes of the payload came before.
    package static func apply(_ key: UInt32, to bytes: UnsafeMutableRawBufferPointer, offset: Int = 0) {
        let turn = UInt32((offset & 3) * 8)
        let key = turn == 0 ? key : key >> turn | key << (32 - turn)
        let wide = (UInt64(key) << 32 | UInt64(key)).littleEndian
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            bytes.storeBytes(of: word ^ wide, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: key >> UInt32((index & 3) * 8))
            index += 1
        }
    }
}
