import GatewayTelemetry
import Testing

@testable import fennec_gateway

@Suite("A report's forms")
struct ReportTableTests {
    private let report = UsageReport(
        grouping: .client,
        rows: [
            UsageReport.Row(
                key: "kiosk, \"left\"", sums: [.sessions: 12, .audioSeconds: 90.25, .forwardedSeconds: 60]),
            UsageReport.Row(key: "", sums: [.sessions: 1, .lost: 1]),
        ])

    @Test("the table has one width for each column, and the total below")
    func table() {
        #expect(
            ReportTable(report, price: 0.5).text == """
                client         sessions  open  lost  audio s  sent s  utterances  words  cost
                kiosk, "left"        12     0     0     90.3    60.0           0      0   0.5
                -                     1     0     1      0.0     0.0           0      0   0.0
                total                13     0     1     90.3    60.0           0      0   0.5

                """)
    }

    @Test("cells with commas or quotes are quoted for spreadsheets")
    func commaSeparated() {
        let lines = ReportTable(report, price: nil).commaSeparated.split(separator: "\r\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("client,sessions,open,lost,duration_ms,audio_seconds,"))
        #expect(lines[1] == "\"kiosk, \"\"left\"\"\",12,0,0,0,90.25,0,60,0,0,0,0")
    }
}
