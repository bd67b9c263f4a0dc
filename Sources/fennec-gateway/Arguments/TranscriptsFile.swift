import FennecSimulator

/// A file with the texts of a recording.
enum TranscriptsFile {
    /// What the file holds; an error names it.
    static func read(_ path: String) throws(CommandFailure) -> Transcripts {
        do throws(TranscriptsError) {
            return try Transcripts(contentsOf: path)
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }
}
