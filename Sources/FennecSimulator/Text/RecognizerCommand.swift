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

    /// Divides `line` at blanks; there is no quoting.
    package init?(parsing line: String) {
        self.init(words: line.split(separator: " ").map(String.init))
    }
}
