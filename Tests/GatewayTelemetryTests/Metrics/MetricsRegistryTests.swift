import Testing

@testable import GatewayTelemetry

@Suite("The metrics registry")
struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    private enum Fruit: String, CaseIterable { case apple, pear }

    @Test("shows families and series in the order of registration, from 0 on")
    func order() {
        let pears = registry.counters("z_total", "Fruit.", label: "kind", of: Fruit.self)
        let gauge = registry.gauge("a", "A gauge.")
        pears[.pear].add(3)
        gauge.set(5)
        gauge.add(-7)
        #expect(
            registry.render() == """
                # HELP z_total Fruit.
                # TYPE z_total counter
                z_total{kind="apple"} 0
                z_total{kind="pear"} 3
                # HELP a A gauge.
                # TYPE a gauge
                a -2

                """)
    }

    @Test("escapes help and label values as the format asks")
    func escapes() {
        _ = registry.counter("x_total", "A \\ and\na line.", labels: [("path", "C:\\\"new\n\"é")])
        #expect(
            registry.render() == """
                # HELP x_total A \\\\ and\\na line.
                # TYPE x_total counter
                x_total{path="C:\\\\\\"new\\n\\"é"} 0

                """)
    }

    @Test("shows a histogram's buckets cumulatively, with their sum")
    func histogram() {
        let histogram = registry.histogram("h_seconds", "Time.", bounds: [0.005, 0.5, 2])
        for milliseconds in [5, 6, 500, 1500, 2500] { histogram.observe(.milliseconds(milliseconds)) }
        #expect(
            registry.render() == """
                # HELP h_seconds Time.
                # TYPE h_seconds histogram
                h_seconds_bucket{le="0.005"} 1
                h_seconds_bucket{le="0.5"} 3
                h_seconds_bucket{le="2"} 4
                h_seconds_bucket{le="+Inf"} 5
                h_seconds_sum 4.511
                h_seconds_count 5

                """)
    }

    @Test("shows the last session of each bucket as OpenMetrics' exemplar, and in no other form")
    func exemplars() {
        let histogram = registry.histogram("h_seconds", "Time.", bounds: [0.5, 2])
        histogram.observe(.milliseconds(100), session: 7)
        histogram.observe(.milliseconds(250), session: 0xFEDC_BA98_7654_3210)
        histogram.observe(.seconds(1))
        histogram.observe(.seconds(3), session: 1)
        #expect(
            registry.render(.openMetrics).split(separator: "\n").filter { $0.contains("_bucket") } == [
                "h_seconds_bucket{le=\"0.5\"} 2 # {session=\"fedcba9876543210\"} 0.25",
                "h_seconds_bucket{le=\"2.0\"} 3",
                "h_seconds_bucket{le=\"+Inf\"} 4 # {session=\"0000000000000001\"} 3",
            ])
        #expect(!registry.render().contains("session"))
    }

    @Test("shows counted time in seconds")
    func seconds() {
        let counter = registry.secondsCounter("s_seconds_total", "Time.")
        counter.add(.milliseconds(32))
        counter.add(.milliseconds(32))
        #expect(registry.render().contains("s_seconds_total 0.064\n"))
        counter.add(.seconds(-1))
        #expect(counter.steps == 64_000)
    }

    @Test("counts unknown label values as the other series")
    func other() {
        let set = registry.counters("c_total", "C.", labels: ["a", "b"], values: [["1", "2"]], other: ["x", "x"])
        set["1", "2"].add()
        set["1", "9"].add()
        set["nonsense"].add()
        #expect(registry.render().hasSuffix("c_total{a=\"1\",b=\"2\"} 1\nc_total{a=\"x\",b=\"x\"} 2\n"))
    }

    @Test("never shows more series of one name than the cap")
    func cap() {
        let values = (0..<10_000).map { ["client-\($0)"] }
        let set = registry.counters("c_total", "C.", labels: ["client"], values: values, other: ["other"])
        for value in values { set[value[0]].add() }
        let lines = registry.render().split(separator: "\n").dropFirst(2)
        #expect(lines.count == MetricsRegistry.mostSeries)
        #expect(lines.last == "c_total{client=\"other\"} \(10_000 - MetricsRegistry.mostSeries + 1)")
    }

    @Test("loses no increment under concurrency")
    func concurrency() async {
        let counter = registry.counter("n_total", "N.")
        let histogram = registry.histogram("n_seconds", "N.", bounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...4 {
                group.addTask {
                    for _ in 1...1000 {
                        counter.add()
                        histogram.observe(.milliseconds(1))
                    }
                }
            }
        }
        #expect(counter.steps == 4000)
        #expect(histogram.cumulative == [4000, 4000])
        #expect(histogram.sum == 4)
    }

    @Test(
        "knows what a name may be",
        arguments: [
            ("a", true), ("_a9", true), ("A_b", true), ("", false), ("9a", false), ("a-b", false), ("é", false),
        ])
    func names(name: String, isName: Bool) {
        #expect(MetricLabels.isName(name) == isName)
        #expect(MetricLabels.isMetricName(name) == isName)
        #expect(!MetricLabels.isName("a:b") && MetricLabels.isMetricName("a:b") && !MetricLabels.isName("__a"))
    }

    @Test("as OpenMetrics names counters without _total, spells bounds as floats, escapes quotes and ends with EOF")
    func openMetrics() {
        _ = registry.counter("a_total", "Says \"a\".")
        registry.histogram("b_seconds", "B.", bounds: [0.5, 1]).observe(.seconds(1))
        registry.reading("c", "C.", .gauge) { 1.5 }
        #expect(
            registry.render(.openMetrics) == """
                # HELP a Says \\"a\\".
                # TYPE a counter
                a_total 0
                # HELP b_seconds B.
                # TYPE b_seconds histogram
                b_seconds_bucket{le="0.5"} 0
                b_seconds_bucket{le="1.0"} 1
                b_seconds_bucket{le="+Inf"} 1
                b_seconds_sum 1
                b_seconds_count 1
                # HELP c C.
                # TYPE c gauge
                c 1.5
                # EOF

                """)
    }
}
