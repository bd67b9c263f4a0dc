import GatewayCore
import GatewayWire

/// The last words on a session.
struct StreamSummary {
    private let outcome: StreamOutcome
    private let sampleRate: Int

    init(_ outcome: StreamOutcome, sampleRate: Int) {
        self.outcome = outcome
        self.sampleRate = sampleRate
    }

    /// One line for people.
    var text: String {
        let ready = outcome.readyAfter.map { "ready after \(Self.milliseconds($0)) ms" } ?? "never ready"
        let counts = "\(Self.count(outcome.finals.count, "final")) (\(Self.count(outcome.words.count, "word")))"
        let errors = outcome.errors == 0 ? "" : ", \(Self.count(outcome.errors, "error"))"
        return "\(ready), \(audioSeconds) s of audio, \(counts)\(errors), \(end)"
    }

    /// The same as one line of JSON.
    var json: String {
        var members: JSONObject = [
            "finals": .number(JSONNumber(outcome.finals.count)), "words": .number(JSONNumber(outcome.words.count)),
            "errors": .number(JSONNumber(outcome.errors)), "end": .string(end),
            "audio_seconds": JSONNumber(audioSeconds).map(JSONValue.number) ?? .null,
        ]
        if let ready = outcome.readyAfter { members["ready_ms"] = .number(JSONNumber(Self.milliseconds(ready))) }
        if case .leg(.closed(let code?, let reason)) = outcome.end {
            members["close_code"] = .number(JSONNumber(Int(code)))
            members["close_reason"] = .string(reason)
        }
        return JSONValue.object(members).text
    }

    /// To a tenth.
    private var audioSeconds: Double {
        (Double(outcome.framesSent) / Double(sampleRate) * 10).rounded() / 10
    }

    private var end: String {
        switch outcome.end {
        case .leg(.closed(let code?, let reason)):
            "closed with \(code)" + (reason.isEmpty ? "" : " (\(reason.printable))")
        case .leg(.closed(nil, _)): "closed without a code"
        case .leg(.lost): "the connection was lost"
        case .leg(.violated(let violation)): "the other side broke the WebSocket protocol: \(violation)"
        case .neverReady: "given up: no ready came"
        case .neverClosed: "given up: neither words nor a close came after the end of the audio"
        case .unreadable(let error): "given up: \(error)"
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }

    private static func count(_ number: Int, _ name: String) -> String { "\(number) \(name)\(number == 1 ? "" : "s")" }
}
