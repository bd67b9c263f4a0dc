import Synchronization
import Testing

@testable import fennec_gateway

struct StreamPrinterTests {
    /// What was printed, on both streams.
    private final class Page: Sendable {
        let text = Mutex("")

        func write(_ more: String) { text.withLock { $0 += more } }
    }

    private static let messages = [
        #"{"type":"ready"}"#, #"{"type":"partial","text":"one two"}"#, #"{"text":"one\u001b[2J two"}"#,
        #"{"type":"complete_thought","text":"one"}"#, #"{"type":"error","message":"oops"}"#,
    ]

    @Test(
        "texts, partials and errors are printed in the style that is asked for",
        arguments: [
            (.init(showsPartials: false), "one [2J two\n[thought] one\nerror: the service says: oops\n"),
            (.init(), "… one two\none [2J two\n[thought] one\nerror: the service says: oops\n"),
            (
                .init(columns: 8),
                "\r\u{1B}[K… e two\r\u{1B}[Kone [2J two\n\r\u{1B}[K[thought] one\n\r\u{1B}[K"
                    + "error: the service says: oops\n\r\u{1B}[K"
            ),
            (
                .init(isJSON: true, showsPartials: false),
                #"{"type":"ready"}"# + "\n" + #"{"text":"one\u001b[2J two"}"# + "\n"
                    + #"{"text":"one","type":"complete_thought"}"# + "\n" + #"{"message":"oops","type":"error"}"# + "\n"
            ),
        ] as [(StreamPrinter.Style, String)])
    func styles(style: StreamPrinter.Style, printed: String) {
        let page = Page()
        let printer = StreamPrinter(style, output: page.write, errors: page.write)
        for message in Self.messages { printer.show(ReceivedMessage(message.utf8)) }
        printer.finish()
        #expect(page.text.withLock { $0 } == printed)
    }
}
