import GatewayCore
import Glibc
import Logging
import Testing

@testable import GatewayTelemetry

@Suite("The logger")
struct GatewayLogHandlerTests {
    /// A pipe that stands for standard error.
    private final class Output: Sendable {
        let reading: CInt
        let writing: CInt

        init() throws {
            var ends: [CInt] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        }

        deinit {
            close(reading)
            close(writing)
        }

        /// What was written so far.
        var text: String {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = read(reading, &bytes, bytes.count)
            return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        }
    }

    private let output: Output
    private let threshold = LogThreshold(.info)

    init() throws { output = try Output() }

    private func logger(_ style: LogStyle) -> Logger {
        let writer = LogWriter(style: style, descriptor: output.writing)
        return LogBootstrap.logger(label: "test", writer: writer, threshold: threshold)
    }

    @Test("merges metadata, the latest winning, sorted by name")
    func metadata() {
        var logger = logger(.text)
        logger[metadataKey: "session"] = "s1"
        logger[metadataKey: "b"] = "old"
        logger.info("hello", metadata: ["b": "new", "a": "1"])
        #expect(output.text.hasSuffix(" info     hello a=1 b=new session=s1\n"))
    }

    @Test("heeds a level that changes while it runs")
    func changingLevel() {
        let logger = logger(.text)
        logger.debug("one")
        #expect(output.text == "")
        threshold.level = .debug
        logger.debug("two")
        #expect(output.text.contains("two"))
        threshold.level = .error
        logger.warning("three")
        #expect(output.text == "")
    }

    @Test("may have a level of its own, which its copies do not share")
    func ownLevel() {
        let logger = logger(.text)
        var loud = logger
        loud.logLevel = .trace
        loud.trace("loud")
        logger.trace("quiet")
        let text = output.text
        #expect(text.contains("loud") && !text.contains("quiet"))
    }

    @Test("holds warnings back that repeat, and tells how many; what is told below that goes on")
    func repeated() {
        let writer = LogWriter(style: .json, descriptor: output.writing)
        let limit = LogLimit(writer: writer)
        let logger = LogBootstrap.logger(label: "test", writer: writer, threshold: threshold, limit: limit)
        for number in 0..<20 {
            logger.warning("again", metadata: ["number": "\(number)"])
            logger.info("fine")
        }
        logger.error("another")
        limit.finish()
        limit.finish()
        let lines = output.text.split(separator: "\n")
        #expect(lines.filter { $0.contains("\"again\",\"number\"") }.count == LogLimit.most)
        #expect(lines.filter { $0.contains("\"fine\"") }.count == 20)
        #expect(lines.filter { $0.contains("\"another\"") }.count == 1)
        #expect(lines.last?.contains("\"lines were held back\",\"held_back\":10,\"repeated\":\"again\"") == true)
        #expect(lines.count == LogLimit.most + 22)
    }

    @Test("writes the account of a session in its own order, whatever the level", arguments: [LogStyle.text, .json])
    func session(style: LogStyle) {
        threshold.level = .critical
        let record = UsageRecord(
            session: "s1", client: "c1", rule: "web", startedAt: 5, duration: 1500, meter: UsageMeter(),
            endedBy: .upstream, closeCode: 1000, reason: "upstream_closed")
        SessionLog(writer: LogWriter(style: style, descriptor: output.writing)).write(record)
        let text = output.text
        #expect(text.contains(style == .json ? "\"duration_ms\":1500," : " duration_ms=1500 "))
        #expect(text.contains(style == .json ? "\"session\":\"s1\"," : " session=s1 "))
        let places = ["session ended", "session", "client", "duration_ms", "ended_by", "reason"].compactMap { name in
            text.range(of: name)
        }
        #expect(places.count == 6)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(text.split(separator: "\n").count == 1)
    }
}

extension String {
    /// Where `part` begins first, in bytes. The standard library alone has no such search.
    fileprivate func range(of part: String) -> Int? {
        let bytes = Array(utf8)
        let wanted = Array(part.utf8)
        return bytes.indices.first { bytes[$0...].starts(with: wanted) }
    }
}
