/// What the stand-in says.
enum ServerMessage {
    /// `recognizer` is this stand-in's own: it tells people where the words come from.
    static func ready(recognizer: String) -> JSONValue { ["type": "ready", "recognizer": .string(recognizer)] }

    static func error(_ problem: String) -> JSONValue { ["type": "error", "message": .string(problem)] }

    static func partial(_ text: String) -> JSONValue {
        ["type": "partial", "text": .string(text), "is_final": false]
    }

    /// `is_final` is what the vendor's SDK goes by.
    static func final(_ text: String, _ utterance: Utterance, sampleRate: Int) -> JSONValue {
        [
            "type": "final_transcript", "text": .string(text), "is_final": true,
            "utterance": .number(utterance.number), "start": seconds(utterance.start, sampleRate),
            "end": seconds(utterance.end, sampleRate),
        ]
    }

    static func thought(_ text: String) -> JSONValue { ["type": "complete_thought", "text": .string(text)] }

    static func activity(isSpeech: Bool, probability: Double, at sample: Int, sampleRate: Int) -> JSONValue {
        [
            "type": "vad", "state": isSpeech ? "speech" : "silence", "probability": .number(probability),
            "time": seconds(sample, sampleRate),
        ]
    }

    static func utterance(_ number: Int, phase: String, at sample: Int, sampleRate: Int) -> JSONValue {
        [
            "type": "utterance", "phase": .string(phase), "utterance": .number(number),
            "time": seconds(sample, sampleRate),
        ]
    }

    /// Carries no `text`, which clients would take for a transcript.
    static func debug(_ what: String, _ utterance: Utterance, sampleRate: Int) -> JSONValue {
        [
            "type": "debug", "message": .string(what), "utterance": .number(utterance.number),
            "start": seconds(utterance.start, sampleRate), "end": seconds(utterance.end, sampleRate),
            "voiced_ms": .number(utterance.voiced), "dbfs": .number(utterance.loudness),
            "cause": .string(utterance.cause.rawValue),
        ]
    }

    private static func seconds(_ samples: Int, _ sampleRate: Int) -> JSONValue {
        .number(Double(samples) / Double(sampleRate))
    }
}
