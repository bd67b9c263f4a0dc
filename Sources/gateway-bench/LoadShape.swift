/// What a load consists of.
struct LoadShape: Sendable {
    /// How fast messages are sent.
    enum Pace: Sendable, Equatable {
        /// So many times real time.
        case realtime(Double)
        /// As back-pressure allows.
        case unpaced
    }

    var streams: Int
    /// Audio of one message, in ms at 16 kHz mono.
    var messageMilliseconds: Int
    var seconds: Double
    var pace: Pace

    /// Bytes of one message: 16-bit samples.
    var messageBytes: Int { messageMilliseconds * 32 }
    /// From one message of a stream to its next, in ns.
    var interval: Int64 {
        switch pace {
        case .realtime(let speed): Int64(Double(messageMilliseconds) * 1e6 / speed)
        case .unpaced: 0
        }
    }
}

/// What one run of a load measured.
struct LoadResult: Sendable {
    var messagesPerSecond: Double
    /// From the client's send to the stand-in's receipt, in µs.
    var p50: Double
    var p99: Double
    var p999: Double
    /// CPU time of the gateway for each message, in µs; `nil` without a gateway.
    var cpuPerMessage: Double?
    /// Resident memory of the gateway that came with each session once all were ready, in KiB; `nil` without a gateway.
    var kibibytesWhenReady: Double?
    /// The same after the audio has flowed.
    var kibibytesUnderLoad: Double?
}
