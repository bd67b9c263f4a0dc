/// One session's part of its budgets: a slice at a time, from which its audio is taken frame by frame. Amounts are
/// microseconds of audio.
package struct AudioAllowance: Sendable, Equatable {
    /// What is reserved at a time, unless less is left or more is needed.
    package static let slice = 5_000_000
    /// How much may go on before that is written down again: a second.
    package static let stride = 1_000_000

    /// Where the slice at hand comes from.
    package private(set) var accounts: [BudgetBook.Account] = []
    private let bytesPerSecond: Int
    /// Bytes of audio that were taken.
    private var bytes = 0
    /// What was reserved for all of the session.
    private var reserved = 0
    /// What had been taken when the accounts were last others: that is not for these to get back.
    private var settled = 0
    /// Bytes of audio that went on, as last written down.
    package private(set) var noted = 0
    /// Audio may go on up to here; what goes further must be written down before.
    private var reach = 0

    /// - Parameter bytesPerSecond: Of the declared audio.
    package init(bytesPerSecond: Int) {
        self.bytesPerSecond = bytesPerSecond
    }

    /// Takes a frame's audio, if what is reserved is enough.
    package mutating func take(_ count: Int) -> Bool {
        guard microseconds(bytes + count) <= reserved else { return false }
        bytes += count
        return true
    }

    /// What was taken goes on. Whether that must be written down before: then `noted` and `untouched` are what to write.
    package mutating func goOn() -> Bool {
        let taken = microseconds(bytes)
        guard taken > reach else { return false }
        noted = bytes
        reach = taken + Self.stride
        return true
    }

    /// What of the accounts' audio cannot have gone on before `goOn` says so: a crash gives it back.
    package var untouched: Int { max(0, reserved - max(settled, reach)) }

    /// The audio of a frame.
    package func length(of count: Int) -> Int { microseconds(bytes + count) - microseconds(bytes) }

    /// What lies unused.
    package var rest: Int { reserved - microseconds(bytes) }

    /// Another slice takes the place of what lies unused; that has been given back.
    package mutating func replace(with slice: BudgetBook.Slice) {
        let taken = microseconds(bytes)
        if slice.accounts != accounts { settled = taken }
        accounts = slice.accounts
        reserved = taken + slice.amount
    }

    /// What is to be given back when this many bytes went on in the end. Nothing is left then.
    package mutating func settle(forwarded: Int) -> Int {
        let used = max(settled, min(microseconds(forwarded), reserved))
        defer { reserved = min(reserved, microseconds(bytes)) }
        return max(0, reserved - used)
    }

    /// Rounded up: no audio is free.
    private func microseconds(_ bytes: Int) -> Int {
        (bytes * 1_000_000 + bytesPerSecond - 1) / bytesPerSecond
    }
}
