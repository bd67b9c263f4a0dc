import Glibc

/// The two streams that the program talks on, unbuffered.
enum Console {
    /// Whether somebody reads the output on a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal that the output goes to; 80 when it cannot be told.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes to the standard output.
    static func out(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes to the standard error output.
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A reader that left is no failure of ours.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
