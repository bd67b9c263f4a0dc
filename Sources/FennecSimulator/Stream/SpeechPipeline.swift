import NIOCore

/// From the bytes of a stream to what is to be said about them, with no clock but the samples.
struct SpeechPipeline {
    /// Where the text of an utterance comes from.
    enum Source: Equatable {
        /// It is known; empty when there is none.
        case text(String)
        /// It must be recognised.
        case samples([Int16])
    }

    /// What is to be done, in order.
    enum Step: Equatable {
        case send(JSONValue)
        case transcribe(Utterance, Source)
        /// The utterance of this number goes on: its words so far must be recognised.
        case guess(Int, [Int16])
        /// A pause that completes a thought.
        case completeThought
    }

    /// Most audio of one utterance that a recogniser gets, in seconds.
    private static let maximumRecognised = 60

    let start: StartMessage
    private var decoder: PCMDecoder
    private var vad: EnergyVAD
    private var reader: TranscriptReader?
    private var history: AudioHistory?
    private let detectsThoughts: Bool

    init(_ start: StartMessage, detectsThoughts: Bool, configuration: SimulatorConfiguration) {
        self.start = start
        self.detectsThoughts = detectsThoughts
        decoder = PCMDecoder(channels: start.channels)
        var timing = VADTiming(sampleRate: start.sampleRate)
        let hasWords = configuration.transcripts != nil || configuration.recognizer != nil
        timing.progress = hasWords ? configuration.partialMilliseconds : 0
        timing.pause = detectsThoughts ? start.eagerness.pause : 0
        vad = EnergyVAD(settings: start.vad, timing: timing)
        reader = configuration.transcripts.map(TranscriptReader.init)
        if configuration.recognizer != nil {
            history = AudioHistory(limit: Self.maximumRecognised * start.sampleRate)
        }
    }

    /// Takes a binary message.
    mutating func consume(_ message: ByteBuffer) -> [Step] {
        let samples = decoder.decode(message)
        history?.append(samples)
        return steps(for: vad.consume(samples))
    }

    /// The stream ended.
    mutating func finish() -> [Step] { steps(for: vad.finish()) }

    private mutating func steps(for events: [VADEvent]) -> [Step] {
        var steps: [Step] = []
        for event in events { add(event, to: &steps) }
        return steps
    }

    private mutating func add(_ event: VADEvent, to steps: inout [Step]) {
        let rate = start.sampleRate
        switch event {
        case .activity(let isSpeech, let probability, let sample):
            guard start.vad.events else { return }
            steps.append(
                .send(
                    ServerMessage.activity(
                        isSpeech: isSpeech, probability: probability, at: sample, sampleRate: rate)))
        case .began(let number, let sample):
            tell(number, "start", at: sample, &steps)
        case .progressed(let number, let from, let to):
            if let text = reader?.peek(from: seconds(from), to: seconds(to)) {
                if !text.isEmpty { steps.append(.send(ServerMessage.partial(text))) }
            } else if let history {
                steps.append(.guess(number, history[from..<to]))
            }
        case .ended(let utterance):
            tell(utterance.number, "end", at: utterance.end, &steps)
            debug("utterance ended", utterance, &steps)
        case .dropped(let utterance):
            tell(utterance.number, "dropped", at: utterance.end, &steps)
            debug("utterance dropped: too little voiced audio", utterance, &steps)
        case .due(let utterance):
            steps.append(.transcribe(utterance, source(of: utterance)))
        case .paused:
            if detectsThoughts { steps.append(.completeThought) }
        }
    }

    private func tell(_ number: Int, _ phase: String, at sample: Int, _ steps: inout [Step]) {
        guard start.vad.events else { return }
        steps.append(.send(ServerMessage.utterance(number, phase: phase, at: sample, sampleRate: start.sampleRate)))
    }

    private func debug(_ what: String, _ utterance: Utterance, _ steps: inout [Step]) {
        guard start.vad.debug else { return }
        steps.append(.send(ServerMessage.debug(what, utterance, sampleRate: start.sampleRate)))
    }

    private mutating func source(of utterance: Utterance) -> Source {
        let (from, to) = (seconds(utterance.start), seconds(utterance.end))
        if let text = reader?.read(from: from, to: to) { return .text(text) }
        guard let history else {
            return .text(UtteranceText.description(of: utterance, sampleRate: start.sampleRate))
        }
        let silence = Int(min(start.vad.finalSilence, 10) * Double(start.sampleRate))
        return .samples(history[utterance.start..<utterance.end] + [Int16](repeating: 0, count: silence))
    }

    private func seconds(_ samples: Int) -> Double { Double(samples) / Double(start.sampleRate) }
}
