import FennecUpstream
import GatewayTesting
import GatewayWire
import NIOCore
import NIOPosix

/// One run of a load against one target.
struct LoadRun: Sendable {
    let shape: LoadShape
    let loop: any EventLoop
    let arrivals: ArrivalRecorder
    /// Of the stand-in, for streams that go straight to it; `nil` when they go through the gateway.
    let minter: TokenMinter?
    let port: Int
    /// The gateway, when the load goes through it.
    let gateway: pid_t?

    /// Opens the streams, warms up, measures, ends the streams.
    /// - Throws: `TestingFailure` when streams cannot be opened or bytes are missing in the end.
    func measure() async throws -> LoadResult {
        let before = gateway.flatMap(ProcessSample.of)
        let fleet = LoadFleet(shape: shape, loop: loop)
        for _ in 0..<shape.streams { try await fleet.add(port: port, path: try await path()) }
        let opened = gateway.flatMap(ProcessSample.of)
        _ = arrivals.take()
        try await fleet.begin()
        let warmUp = try await window(seconds: min(2, shape.seconds / 4))
        let begun = gateway.flatMap(ProcessSample.of)
        let window = try await window(seconds: shape.seconds)
        let ended = gateway.flatMap(ProcessSample.of)
        let sent = try await fleet.finish()
        let rest = arrivals.take()
        let arrived = warmUp.bytes + window.bytes + rest.bytes
        guard arrived == sent else { throw TestingFailure("\(sent) bytes were sent, \(arrived) arrived") }
        var result = result(of: window, cpu: begun.flatMap { begun in ended.map { (begun, $0) } })
        result.kibibytesWhenReady = kibibytesPerSession(from: before, to: opened)
        result.kibibytesUnderLoad = kibibytesPerSession(from: before, to: ended)
        return result
    }

    private func path() async throws -> String {
        guard let minter else { return "/api/v1/transcribe/stream" }
        let key = try Array("key-of-the-bench".utf8).withUnsafeBytes { try Secret(copying: $0) }
        guard case .token(let token, _) = await minter.mint(with: key, timeout: .seconds(5)) else {
            throw TestingFailure("the stand-in gives no token")
        }
        return token.withQueryValue { "/api/v1/transcribe/stream?streaming_token=\($0)" }
    }

    private func window(seconds: Double) async throws -> ArrivalRecorder.Window {
        try await Task.sleep(for: .seconds(seconds))
        return arrivals.take()
    }

    private func result(
        of window: ArrivalRecorder.Window, cpu: (begun: ProcessSample, ended: ProcessSample)?
    ) -> LoadResult {
        let latencies = Distribution(window.latencies)
        var result = LoadResult(
            messagesPerSecond: Double(window.messages) / shape.seconds, p50: latencies.percentile(50),
            p99: latencies.percentile(99), p999: latencies.percentile(99.9))
        if let cpu, window.messages > 0 {
            let seconds = Double(cpu.ended.cpuTicks - cpu.begun.cpuTicks) / Double(ProcessSample.clockTicks)
            result.cpuPerMessage = seconds * 1e6 / Double(window.messages)
        }
        return result
    }

    private func kibibytesPerSession(from before: ProcessSample?, to after: ProcessSample?) -> Double? {
        guard let before, let after else { return nil }
        return Double(after.residentBytes - before.residentBytes) / 1024 / Double(shape.streams)
    }
}
