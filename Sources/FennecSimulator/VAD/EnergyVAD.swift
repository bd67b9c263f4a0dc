/// Voice activity detection by energy: samples in, events out. Time is counted in samples, so the same audio gives the
/// same events however it is divided into messages.
package struct EnergyVAD: Sendable {
    private let settings: VADSettings
    private let timing: VADTiming
    private var meter = SpeechMeter()
    private var tracker: UtteranceTracker
    private var frameSum = 0.0
    private var frameFill = 0
    private var frame = 0
    private var waiting: [(utterance: Utterance, dueFrame: Int)] = []
    private var hasPaused = true
    private var wasSpeaking = false

    package init(settings: VADSettings, timing: VADTiming) {
        self.settings = settings
        self.timing = timing
        tracker = UtteranceTracker(settings: settings, timing: timing)
    }

    /// Samples consumed in whole frames.
    package var position: Int { frame * timing.frameSamples }

    /// Takes samples, in order.
    package mutating func consume(_ samples: some Sequence<Int16>) -> [VADEvent] {
        var events: [VADEvent] = []
        let size = timing.frameSamples
        for sample in samples {
            let value = Double(sample) / 32768
            frameSum += value * value
            frameFill += 1
            if frameFill == size { closeFrame(&events) }
        }
        return events
    }

    /// The stream ended: ends what is being spoken and makes everything due.
    package mutating func finish() -> [VADEvent] {
        var events: [VADEvent] = []
        tracker.finish(events: &events)
        enqueue(events)
        events.append(contentsOf: waiting.map { .due($0.utterance) })
        waiting = []
        return events
    }

    private mutating func closeFrame(_ events: inout [VADEvent]) {
        let judged = meter.measure(power: frameSum / Double(frameFill))
        frameSum = 0
        frameFill = 0
        var found: [VADEvent] = []
        tracker.take(judged, events: &found)
        frame += 1
        tellActivity(judged, &events)
        events.append(contentsOf: found)
        enqueue(found)
        tellDue(&events)
        tellPause(&events)
    }

    private mutating func tellActivity(_ judged: SpeechFrame, _ events: inout [VADEvent]) {
        let speaking = tracker.isSpeaking
        let period = settings.eventRate > 0 ? max(1, 100 / settings.eventRate) : 0
        guard speaking != wasSpeaking || (period > 0 && frame.isMultiple(of: period)) else { return }
        wasSpeaking = speaking
        events.append(.activity(isSpeech: speaking, probability: judged.probability, at: position))
    }

    private mutating func enqueue(_ found: [VADEvent]) {
        let delay = timing.frames(Int(min(settings.finalSilence, 3600) * 1000))
        for case .ended(let utterance) in found {
            waiting.append((utterance, frame + delay))
            hasPaused = false
        }
    }

    private mutating func tellDue(_ events: inout [VADEvent]) {
        while let first = waiting.first, first.dueFrame <= frame {
            events.append(.due(first.utterance))
            waiting.removeFirst()
        }
    }

    private mutating func tellPause(_ events: inout [VADEvent]) {
        guard timing.pause > 0, !hasPaused, waiting.isEmpty, !tracker.isSpeaking else { return }
        guard frame - tracker.lastEndFrame >= timing.frames(timing.pause) else { return }
        hasPaused = true
        events.append(.paused(at: position))
    }
}
