/// Bytes that come in order.
protocol ByteSource: Sendable {
    /// How many there are in all.
    var length: Int { get }

    /// The next bytes: as many as asked for, fewer only at the end.
    mutating func read(_ count: Int) throws(CommandFailure) -> [UInt8]
}
