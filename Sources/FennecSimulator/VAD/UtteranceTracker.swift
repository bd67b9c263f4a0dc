/// Cuts a stream of judged frames into utterances.
struct UtteranceTracker {
    /// Sound below the threshold counts as sound, and not as silence, from this share of the threshold on.
    private static let soundShare = 0.6

    /// An utterance that is being spoken; counts are in frames.
    private struct Open {
        var number: Int
        var start: Int
        var onset: Int
        var end: Int
        var voiced = 0
        var silence = 0
        var extended = 0
        var power = 0.0
        var powerAtEnd = 0.0
    }

    private enum State {
        /// → speaking, when `run` frames of speech in a row are enough.
        case silent(run: Int, power: Double)
        /// → silent at enough silence; → speaking anew at the longest length.
        case speaking(Open)
    }

    private let settings: VADSettings
    private let timing: VADTiming
    private var state = State.silent(run: 0, power: 0)
    private var frame = 0
    private var lastNumber = 0
    private var lastEnd = 0

    init(settings: VADSettings, timing: VADTiming) {
        self.settings = settings
        self.timing = timing
    }

    /// Whether an utterance is being spoken.
    var isSpeaking: Bool {
        if case .speaking = state { true } else { false }
    }

    /// The frame behind the last utterance.
    var lastEndFrame: Int { lastEnd }

    /// Takes the next frame.
    mutating func take(_ judged: SpeechFrame, events: inout [VADEvent]) {
        switch state {
        case .silent(let run, let power): listen(judged, run: run, power: power, events: &events)
        case .speaking(let open): follow(judged, open, events: &events)
        }
        frame += 1
    }

    /// Ends what is being spoken.
    mutating func finish(events: inout [VADEvent]) {
        guard case .speaking(let open) = state else { return }
        end(open, cause: .flushed, events: &events)
    }

    private mutating func listen(_ judged: SpeechFrame, run: Int, power: Double, events: inout [VADEvent]) {
        guard judged.probability >= settings.threshold else {
            state = .silent(run: 0, power: 0)
            return
        }
        let run = run + 1
        let power = power + judged.power
        guard run >= max(1, timing.frames(settings.startTrigger)) else {
            state = .silent(run: run, power: power)
            return
        }
        let onset = frame + 1 - run
        let start = max(lastEnd, onset - timing.frames(settings.speechPad))
        begin(start: start, onset: onset, voiced: run, power: power, events: &events)
    }

    private mutating func begin(start: Int, onset: Int, voiced: Int, power: Double, events: inout [VADEvent]) {
        lastNumber += 1
        var open = Open(number: lastNumber, start: start, onset: onset, end: onset + voiced)
        open.voiced = voiced
        open.power = power
        open.powerAtEnd = power
        state = .speaking(open)
        events.append(.began(number: lastNumber, at: start * timing.frameSamples))
    }

    private mutating func follow(_ judged: SpeechFrame, _ current: Open, events: inout [VADEvent]) {
        var open = current
        open.power += judged.power
        if judged.probability >= settings.threshold {
            open.voiced += 1
            open.silence = 0
            open.extended = 0
            extend(&open)
        } else if isSound(judged), open.extended < timing.frames(settings.soundExtension) {
            open.extended += 1
            extend(&open)
        } else {
            open.silence += 1
        }
        settle(open, events: &events)
    }

    private func isSound(_ judged: SpeechFrame) -> Bool {
        judged.probability >= settings.threshold * Self.soundShare
    }

    private func extend(_ open: inout Open) {
        open.end = frame + 1
        open.powerAtEnd = open.power
    }

    private mutating func settle(_ open: Open, events: inout [VADEvent]) {
        let length = frame + 1 - open.onset
        if open.silence >= max(1, timing.frames(settings.minSilence)) {
            end(open, cause: .silence, events: &events)
        } else if settings.forceDecode > 0, length >= timing.frames(settings.forceDecode) {
            end(open, cause: .forced, events: &events)
            begin(start: lastEnd, onset: frame + 1, voiced: 0, power: 0, events: &events)
        } else {
            state = .speaking(open)
            progress(open, length: length, events: &events)
        }
    }

    private func progress(_ open: Open, length: Int, events: inout [VADEvent]) {
        guard timing.progress > 0, length.isMultiple(of: timing.frames(timing.progress)) else { return }
        let (from, to) = (open.start * timing.frameSamples, (frame + 1) * timing.frameSamples)
        events.append(.progressed(number: open.number, from: from, to: to))
    }

    private mutating func end(_ open: Open, cause: Utterance.Cause, events: inout [VADEvent]) {
        lastEnd = open.end
        state = .silent(run: 0, power: 0)
        let utterance = Utterance(
            number: open.number, start: open.start * timing.frameSamples, end: open.end * timing.frameSamples,
            voiced: open.voiced * VADTiming.frameMilliseconds,
            power: open.powerAtEnd / Double(max(1, open.end - open.onset)), cause: cause)
        let isVoiced = open.voiced > 0 && utterance.voiced >= settings.minVoiced
        events.append(isVoiced ? .ended(utterance) : .dropped(utterance))
    }
}
