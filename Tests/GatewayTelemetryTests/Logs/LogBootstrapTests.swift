import GatewayCore
import Testing

@testable import GatewayTelemetry

@Suite("The style of the log")
struct LogBootstrapTests {
    @Test(
        "follows where standard error goes",
        arguments: [
            (false, nil, "8:9", .json), (true, nil, "8:9", .text), (false, "8:9", "8:9", .journald),
            (true, "8:9", "8:9", .journald), (true, "8:9", "8:10", .text), (false, "8:9", nil, .json),
            (false, "", "", .json), (false, nil, nil, .json),
        ] as [(Bool, String?, String?, LogStyle)])
    func automatic(isTerminal: Bool, journal: String?, errorStream: String?, expected: LogStyle) {
        let style = LogBootstrap.style(
            for: LogSettings(), isTerminal: isTerminal, journalStream: journal, errorStream: errorStream)
        #expect(style == expected)
    }

    @Test(
        "is what the settings say",
        arguments: [(.text, .text), (.json, .json), (.journald, .journald)] as [(LogSettings.Format, LogStyle)])
    func explicit(format: LogSettings.Format, expected: LogStyle) {
        for isTerminal in [true, false] {
            let style = LogBootstrap.style(
                for: LogSettings(format: format), isTerminal: isTerminal, journalStream: "1:2", errorStream: "1:2")
            #expect(style == expected)
        }
    }
}
