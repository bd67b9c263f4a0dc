/// Prints what a session receives, as it comes.
final class StreamPrinter: Sendable {
    /// What is printed.
    struct Style: Sendable, Equatable {
        /// One line of JSON a message instead of texts.
        var isJSON = false
        var showsPartials = true
        /// Columns of a terminal, where a partial is overwritten by what follows; `nil` elsewhere.
        var columns: Int?
    }

    private let style: Style
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void

    init(
        _ style: Style, output: @escaping @Sendable (String) -> Void = Console.out,
        errors: @escaping @Sendable (String) -> Void = Console.error
    ) {
        self.style = style
        self.output = output
        self.errors = errors
    }

    /// Prints one message.
    func show(_ message: ReceivedMessage) {
        guard !style.isJSON else { return showLine(message) }
        switch message.content {
        case .partial(let text): showPartial(text.printable)
        case .final(let text): output("\(erasure)\(text.printable)\n")
        case .remark(let name, let text): output("\(erasure)[\(name)] \(text.printable)\n")
        case .error(let words):
            output(erasure)
            errors("error: \(words.printable)\n")
        case .ready, .other: break
        }
    }

    /// Leaves a clean line.
    func finish() {
        output(erasure)
    }

    private func showLine(_ message: ReceivedMessage) {
        if case .partial = message.content, !style.showsPartials { return }
        output(message.line + "\n")
    }

    private func showPartial(_ text: String) {
        guard style.showsPartials else { return }
        guard let columns = style.columns else { return output("… \(text)\n") }
        // The end is what is new; a line that wraps could not be overwritten.
        output("\(erasure)… \(text.suffix(max(0, columns - 3)))")
    }

    /// To the line's begin, and erase it (ECMA-48).
    private var erasure: String { style.columns == nil || style.isJSON ? "" : "\r\u{1B}[K" }
}
