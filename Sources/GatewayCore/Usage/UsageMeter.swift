/// Adds up what a session uses. Counts only: nothing that was said goes in. Times are ms since the session opened.
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
    /// How long the session waits for its text.
    package private(set) var delays = DelayMeter()
    private var speech = SpeechMeter()
    private var rate = AudioRateMeter()
    /// Bytes of one second of audio as `start` declared it, or 16 kHz mono as long as it did not.
    package private(set) var declaredBytesPerSecond = 32_000

    /// The largest sampling rate and number of channels that are believed.
    private static let most = (rate: 384_000, channels: 32)

    /// A meter at zero, for 16 kHz mono until `started` says otherwise.
    package init() {}

    /// `start` declared its audio: 16-bit samples, 16000 a second and mono where it does not say, or says less than
    /// one.
    package mutating func started(sampleRate: Int?, channels: Int?) {
        let rate = sampleRate.flatMap { $0 > 0 ? $0 : nil } ?? 16_000
        let channels = channels.flatMap { $0 > 0 ? $0 : nil } ?? 1
        declaredBytesPerSecond = min(rate, Self.most.rate) * min(channels, Self.most.channels) * 2
    }

    /// As `started`, for audio whose rate is known as it was counted.
    package mutating func started(bytesPerSecond: Int) {
        declaredBytesPerSecond = max(1, bytesPerSecond)
    }

    /// Audio came from the client; `messages` of its messages ended with it.
    package mutating func receivedAudio(bytes: Int, messages: Int, at time: Int) {
        bytesReceived += bytes
        messagesReceived += messages
        delays.audioCame(at: time)
        rate.received(bytes: bytes, at: time)
    }

    /// Audio went to the upstream.
    package mutating func forwardedAudio(bytes: Int) {
        bytesForwarded += bytes
    }

    /// A text message came from the upstream.
    package mutating func received(_ message: ServerMessage, at time: Int) {
        switch message.kind {
        case .final:
            finals += 1
            if message.words > 0 { utterances += 1 }
            words += message.words
            characters += message.characters
            delays.transcriptCame(isFinal: true, at: time)
        case .partial:
            partials += 1
            delays.transcriptCame(isFinal: false, at: time)
        case .error: upstreamErrors += 1
        case .vadEvent, .utteranceEvent: speech.received(message.kind, at: secondsReceived)
        case .ready, .thought, .corrected, .other: break
        }
    }

    /// Seconds of audio from the client, as its `start` declared them.
    package var secondsReceived: Double { Double(bytesReceived) / Double(declaredBytesPerSecond) }

    /// Seconds of audio sent on to the upstream.
    package var secondsForwarded: Double { Double(bytesForwarded) / Double(declaredBytesPerSecond) }

    /// Seconds of speech in what the client sent; `nil` when the upstream never told.
    package var secondsOfSpeech: Double? { speech.speech(at: secondsReceived) }

    /// How fast audio comes, in bytes a second; `nil` until there is enough to tell.
    package var observedBytesPerSecond: Int? { rate.bytesPerSecond }

    /// Whether audio comes more than 5 % slower or faster than its declared rate.
    package var isRateOff: Bool {
        guard let observed = observedBytesPerSecond else { return false }
        return abs(observed - declaredBytesPerSecond) * 20 > declaredBytesPerSecond
    }
}
