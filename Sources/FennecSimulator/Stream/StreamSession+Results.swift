import GatewayWire
import NIOCore

/// What stands in the queue of results.
enum StreamResult {
    case text(String, Utterance)
    case completeThought
    /// Behind the last result.
    case end
}

extension StreamSession {
    /// So many utterances may wait for a recogniser before reading stops.
    private static let maximumWaiting = 8

    /// Does what the pipeline asks for.
    func perform(_ steps: [SpeechPipeline.Step]) {
        for step in steps {
            switch step {
            case .send(let message): send(message)
            case .completeThought: deliver(.completeThought, to: results.reserve())
            case .guess(let number, let samples): guess(number, samples)
            case .transcribe(let utterance, .text(let text)): deliver(.text(text, utterance), to: results.reserve())
            case .transcribe(let utterance, .samples(let samples)): recognize(utterance, samples)
            }
        }
        setPause(.busy, results.count > Self.maximumWaiting)
    }

    /// Fills a place in the queue, after the final latency.
    func deliver(_ result: StreamResult, to place: Int) {
        after(context.configuration.finalLatency) {
            self.results.fulfil(place, result).forEach(self.emit)
            self.setPause(.busy, self.results.count > Self.maximumWaiting)
        }
    }

    private func guess(_ number: Int, _ samples: [Int16]) {
        guard !isGuessing, results.count == 0 else { return }
        isGuessing = true
        context.recognizer?.text(of: samples, sampleRate: start.sampleRate, on: leg.eventLoop).assumeIsolated()
            .whenComplete {
                self.isGuessing = false
                guard case .success(let text) = $0, !text.isEmpty, number > self.lastUtterance else { return }
                self.send(ServerMessage.partial(text))
            }
    }

    private func recognize(_ utterance: Utterance, _ samples: [Int16]) {
        lastUtterance = utterance.number
        let place = results.reserve()
        let rate = start.sampleRate
        context.recognizer?.text(of: samples, sampleRate: rate, on: leg.eventLoop).assumeIsolated().whenComplete {
            self.deliver(.text(self.text($0, of: utterance), utterance), to: place)
        }
    }

    private func text(_ recognised: Result<String, any Error>, of utterance: Utterance) -> String {
        switch recognised {
        case .success(let text): return text
        case .failure(let failure):
            if let failure = failure as? RecognizerFailure, let command = context.configuration.recognizer {
                context.configuration.troubleObserver?(
                    "\(command.words[0]) \(failure); utterance \(utterance.number) is described instead")
            }
            return UtteranceText.description(of: utterance, sampleRate: start.sampleRate)
        }
    }

    private func emit(_ result: StreamResult) {
        guard !isOver, !closesWhenReady else { return }
        switch result {
        case .text(let text, let utterance): emit(text, utterance)
        case .completeThought: emit(thought: thoughts?.complete())
        case .end:
            emit(thought: thoughts?.complete())
            finish()
        }
    }

    private func emit(_ text: String, _ utterance: Utterance) {
        let rate = start.sampleRate
        guard UtteranceText.counts(text, start.vad) else {
            if start.vad.debug {
                send(ServerMessage.debug("transcript dropped: too short", utterance, sampleRate: rate))
            }
            return
        }
        send(ServerMessage.final(text, utterance, sampleRate: rate))
        context.log.count { $0.finalsSent += 1 }
        collect(text, utterance)
        if start.isSingleUtterance {
            emit(thought: thoughts?.complete())
            finish()
        }
    }

    private func collect(_ text: String, _ utterance: Utterance) {
        let rate = Double(start.sampleRate)
        let (from, to) = (Double(utterance.start) / rate, Double(utterance.end) / rate)
        emit(thought: thoughts?.add(text, from: from, to: to))
    }

    private func emit(thought: String?) {
        if let thought { send(ServerMessage.thought(thought)) }
    }

    /// Everything is said; a stand-in that is silent on purpose doesn't say goodbye either.
    private func finish() {
        guard fault != .neverReady, fault != .silence else { return }
        closeWhenReady()
    }
}
