/// One session's part of its budgets: a slice at a time, from which its audio is taken frame by frame. Amounts are
/// microseconds of audio.
package struct AudioAllowance: Sendable, Equatable {
    /// What is reserved at a time, unless less is left or more is needed.
    package static let slice = 5_000_000

    /// Where the slice at hand comes from.
    package private(set) var accounts: [BudgetBook.Account] = []
    private let bytesPerSecond: Int
    /// Bytes of audio that were taken.
    private var bytes = 0
    /// What was reserved for all of the session.
    private var reserved = 0
    /// What had been taken when the accounts were last others: that is not for these to get back.
    private var settled = 0

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
