/// Integers in a run of bytes, the least significant byte first.
struct LittleEndian {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The unsigned integer of two bytes at an offset.
    func integer16(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }

    /// The unsigned integer of four bytes at an offset.
    func integer32(_ offset: Int) -> Int { integer16(offset) | integer16(offset + 2) << 16 }
}
