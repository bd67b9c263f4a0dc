/// Adds up what a session uses. Counts only: nothing that was said goes in.
package struct UsageMeter: Sendable, Equatable {
    /// Audio bytes from the client.
    package private(set) var bytesReceived = 0
    /// Audio messages from the client, counted at their ends.
    package private(set) var messagesReceived = 0
    /// Audio bytes sent on to the upstream.
    package private(set) var bytesForwarded = 0
    /// Final transcripts from the upstream.
    package private(set) var finals = 0
    /// Partial transcripts from the upstream.
    package private(set) var partials = 0
    /// Final transcripts with at least one word.
    package private(set) var utterances = 0
    /// Words of final transcripts; thoughts and corrections repeat them and do not count.
    package private(set) var words = 0
    /// Characters of final transcripts, as `ServerMessage` counts them.
    package private(set) var characters = 0
    /// Errors that the upstream told of.
    package private(set) var upstreamErrors = 0
    private var bytesPerSecond = 32000.0

    /// A meter at zero, for 16 kHz mono until `started` says otherwise.
    package init() {}

    /// `start` declared its audio: 16-bit samples, 16000 a second and mono where it does not say, or says less than
    /// one.
    package mutating func started(sampleRate: Int?, channels: Int?) {
        let rate = sampleRate.flatMap { $0 > 0 ? $0 : nil } ?? 16000
        let channels = channels.flatMap { $0 > 0 ? $0 : nil } ?? 1
        bytesPerSecond = Double(rate) * Double(channels) * 2
    }

    /// Audio came from the client; `messages` of its messages ended with it.
    package mutating func receivedAudio(bytes: Int, messages: Int) {
        bytesReceived += bytes
        messagesReceived += messages
    }

    /// Audio went to the upstream.
    package mutating func forwardedAudio(bytes: Int) {
        bytesForwarded += bytes
    }

    /// A text message came from the upstream.
    package mutating func received(_ message: ServerMessage) {
        switch message.kind {
        case .final:
            finals += 1
            if message.words > 0 { utterances += 1 }
            words += message.words
            characters += message.characters
        case .partial: partials += 1
        case .error: upstreamErrors += 1
        case .ready, .thought, .corrected, .vadEvent, .utteranceEvent, .other: break
        }
    }

    /// Seconds of audio from the client, as its `start` declared them.
    package var secondsReceived: Double { Double(bytesReceived) / bytesPerSecond }

    /// Seconds of audio sent on to the upstream.
    package var secondsForwarded: Double { Double(bytesForwarded) / bytesPerSecond }
}
