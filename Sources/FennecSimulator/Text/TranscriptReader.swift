/// Reads the words of a known recording off as its utterances come, each word at most once.
///
/// A word's time is laid over its entry in proportion to the characters before it. An utterance gets the words that
/// begin before its end and were not read yet, so that a pause inside an entry divides its words and words said while
/// nothing was detected come with the next utterance of the same entry.
struct TranscriptReader {
    /// Detected speech ends a little before the recorded times do.
    private static let slack = 0.3

    private struct Word {
        var text: Substring
        var start: Double
    }

    private struct Entry {
        var start: Double
        var end: Double
        var words: [Word]
        var isRead: Int = 0
    }

    private var entries: [Entry]

    init(_ transcripts: Transcripts) {
        entries = transcripts.entries.map { entry in
            Entry(start: entry.start, end: entry.end, words: Self.timed(entry))
        }
    }

    private static func timed(_ entry: Transcripts.Entry) -> [Word] {
        let words = entry.text.split(whereSeparator: \.isWhitespace)
        let length = words.reduce(0) { $0 + $1.count + 1 }
        var before = 0
        return words.map { word in
            defer { before += word.count + 1 }
            let share = Double(before) / Double(max(1, length))
            return Word(text: word, start: entry.start + (entry.end - entry.start) * share)
        }
    }

    /// The words of an utterance, which are now read; `nil` where the recording has no text, and empty where its words
    /// were read before.
    mutating func read(from start: Double, to end: Double) -> String? {
        let found = overlapping(from: start, to: end)
        guard !found.isEmpty else { return nil }
        var words: [Substring] = []
        for index in found {
            let upTo = due(entries[index], by: end + Self.slack)
            words.append(contentsOf: entries[index].words[entries[index].isRead..<upTo].map(\.text))
            entries[index].isRead = upTo
        }
        return words.joined(separator: " ")
    }

    /// What `read` would give, with nothing read and no slack.
    func peek(from start: Double, to end: Double) -> String {
        overlapping(from: start, to: end)
            .flatMap { entries[$0].words[entries[$0].isRead..<due(entries[$0], by: end)] }
            .map(\.text).joined(separator: " ")
    }

    private func due(_ entry: Entry, by time: Double) -> Int {
        let begun = entry.words.prefix { $0.start < time }.count
        return max(entry.isRead, begun)
    }

    private func overlapping(from start: Double, to end: Double) -> [Int] {
        entries.indices.filter { entries[$0].start < end && start < entries[$0].end }
    }
}
