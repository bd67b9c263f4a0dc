/// The texts of a known recording, with the times at which they are said.
package struct Transcripts: Sendable, Equatable {
    /// One stretch of the recording.
    package struct Entry: Sendable, Equatable {
        /// Seconds from the start of the recording.
        package var start: Double
        /// Seconds; not before `start`.
        package var end: Double
        package var text: String

        package init(start: Double, end: Double, text: String) {
            self.start = start
            self.end = end
            self.text = text
        }
    }

    /// By start.
    package let entries: [Entry]

    package init(_ entries: [Entry]) {
        self.entries = entries.sorted { $0.start < $1.start }
    }

    /// Reads `{"utterances": [{"start_s": 1.2, "end_s": 4.19, "text": "…"}]}`; other members are ignored.
    package init(json: some Sequence<UInt8>) throws(TranscriptsError) {
        let document: JSONValue
        do { document = try JSONReader.read(json) } catch { throw .notJSON(error) }
        guard case .array(let elements)? = document["utterances"] else { throw .noUtterances }
        var entries: [Entry] = []
        for (index, element) in elements.enumerated() {
            guard let start = element["start_s"]?.double, let end = element["end_s"]?.double,
                let text = element["text"]?.string, start >= 0, start <= end
            else { throw .badUtterance(index) }
            entries.append(Entry(start: start, end: end, text: text))
        }
        self.init(entries)
    }

    /// Reads such a file.
    package init(contentsOf path: String) throws(TranscriptsError) {
        let bytes: [UInt8]
        do { bytes = try FileBytes.read(path, limit: 16 << 20) } catch { throw .unreadable(error) }
        try self.init(json: bytes)
    }
}

/// Why a file of transcripts can't be used.
package enum TranscriptsError: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(FileFailure)
    case notJSON(JSONError)
    case noUtterances
    case badUtterance(Int)

    package var description: String {
        switch self {
        case .unreadable(let failure): "cannot be read: \(failure.reason)"
        case .notJSON(let error): "not JSON: \(error)"
        case .noUtterances: "no transcripts: there is no array \"utterances\""
        case .badUtterance(let index): "utterances[\(index)] needs start_s, end_s (not before start_s) and text"
        }
    }
}
