import GatewayTelemetry
import Testing

@Suite("The form of the metrics")
struct ExpositionFormatTests {
    @Test(
        "is what Accept asks for, and text when it asks for neither",
        arguments: [
            (nil, .text), ("", .text), ("*/*", .text), ("text/plain", .text), ("text/html", .text),
            ("application/openmetrics-text", .openMetrics), ("Application/OpenMetrics-Text; q=0.1", .openMetrics),
            ("application/openmetrics-text;q=0", .text), ("application/openmetrics-text;q=0.1,text/plain", .text),
            ("text/plain;version=0.0.4;q=0.3,application/openmetrics-text;version=1.0.0;q=0.5", .openMetrics),
            (
                "application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.5,"
                    + "text/plain;version=0.0.4;q=0.4,*/*;q=0.1", .openMetrics
            ), ("application/openmetrics-text;q=x,text/plain;q=0.9", .openMetrics), (";;,,", .text),
        ] as [(String?, ExpositionFormat)])
    func accept(header: String?, format: ExpositionFormat) {
        #expect(ExpositionFormat(accept: header) == format)
    }
}
