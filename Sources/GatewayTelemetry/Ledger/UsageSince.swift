import Glibc

/// The beginning of a report, as people write it: how long ago (`36h`, `7d`), a day (`2026-01-31`), or a moment
/// (`2026-01-31T09:30:00Z`), days and moments in UTC.
package enum UsageSince {
    /// The moment, in ms since 1970; `nil` when the text is none.
    /// - Parameters:
    ///   - now: In ms since 1970.
    ///   - duration: Reads a length of time.
    package static func parse(_ text: String, now: Int64, duration: (String) -> Duration?) -> Int64? {
        if let ago = duration(text) { return now - Int64(ago / .milliseconds(1)) }
        return moment(text)
    }

    private static func moment(_ text: String) -> Int64? {
        let form = Array((text.utf8.count == 10 ? text + "T00:00:00Z" : text).utf8)
        let pattern = Array("0000-00-00T00:00:00Z".utf8)
        guard form.count == pattern.count else { return nil }
        for (byte, wanted) in zip(form, pattern) {
            let isRight = wanted == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == wanted
            guard isRight else { return nil }
        }
        func number(_ range: Range<Int>) -> Int32 { form[range].reduce(0) { $0 * 10 + Int32($1 - 0x30) } }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (number(0..<4) - 1900, number(5..<7) - 1, number(8..<10))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (number(11..<13), number(14..<16), number(17..<19))
        let milliseconds = Int64(timegm(&parts)) * 1000
        // A day that no month has is carried over; then the text comes out changed.
        guard UTCTime.text(milliseconds).prefix(19) == String(decoding: form.prefix(19), as: UTF8.self) else {
            return nil
        }
        return milliseconds
    }
}
