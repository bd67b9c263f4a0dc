import Glibc

/// A program that turns speech into text: it gets the path of a WAV file as its last argument and prints the text.
package struct RecognizerCommand: Sendable, Equatable {
    /// The program, looked up in `PATH`, and the arguments before the file.
    package var words: [String]
    /// After so many seconds it is killed, and the utterance is described instead.
    package var timeoutSeconds: Int

    /// `nil` without a program.
    package init?(words: [String], timeoutSeconds: Int = 30) {
        guard words.first?.isEmpty == false else { return nil }
        self.words = words
        self.timeoutSeconds = timeoutSeconds
    }

    /// Whether there is such a program; whether it recognises anything shows when it is run.
    package var isFound: Bool {
        let name = words[0]
        guard !name.contains("/") else { return Self.isProgram(name) }
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/bin:/usr/bin"
        return folders.split(separator: ":").contains { Self.isProgram("\($0)/\(name)") }
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// Divides `line` at blanks; there is no quoting.
    package init?(parsing line: String) {
        self.init(words: line.split(separator: " ").map(String.init))
    }
}
