/// The header line that carries the key.
enum KeyHeader {
    private static let name: StaticString = "X-API-Key: "

    /// The line in the secure heap, with a NUL at its end and no line break.
    /// - Throws: `SecureHeapError`.
    static func line(_ key: Secret) throws -> Secret {
        let prefix = name.utf8CodeUnitCount
        return try Secret(capacity: prefix + key.count + 1) { line in
            line.copyMemory(from: UnsafeRawBufferPointer(start: name.utf8Start, count: prefix))
            key.withBytes { UnsafeMutableRawBufferPointer(rebasing: line[prefix...]).copyMemory(from: $0) }
            line[prefix + key.count] = 0
            return line.count
        }
    }
}
