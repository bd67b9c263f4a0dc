/// Paths of files that the gateway reads.
enum FilePathText {
    /// An absolute path: a daemon's working directory is nothing to rely on.
    static func parse(_ text: String) throws(ValueError) -> String {
        guard text.hasPrefix("/"), text.utf8.count < 4096, !text.unicodeScalars.contains(where: \.isControl) else {
            // Someone may have pasted what belongs into the file.
            throw ValueError("expected an absolute path", isSecret: true)
        }
        return text
    }
}
