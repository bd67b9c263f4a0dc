import Glibc

/// The standard output, unbuffered.
enum Output {
    /// Writes a line.
    static func line(_ text: String) {
        print(text)
        fflush(nil)
    }
}
