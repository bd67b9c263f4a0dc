import GatewayCore
import Testing

@testable import fennec_gateway

struct StartSettingTests {
    @Test(
        "a VAD setting is a documented key with a value of its type",
        arguments: [
            ("threshold=0.45", "threshold", .number(JSONNumber(0.45) ?? JSONNumber(0))),
            ("min_silence_ms=800", "min_silence_ms", 800),
            ("debug=true", "debug", true), ("amp_extend=-1", "amp_extend", -1),
        ] as [(String, String, JSONValue)])
    func vad(text: String, key: String, value: JSONValue) throws {
        #expect(try StartSetting.vad(text) == StartSetting(path: ["vad", key], value: value))
    }

    @Test(
        "a wrong VAD setting is refused in words",
        arguments: [
            ("threshold", "expected a name and a value"), ("=1", "expected a name and a value"),
            ("treshold=1", "did you mean threshold?"), ("vad.threshold=1", "no VAD setting"),
            ("min_silence_ms=0.5", "takes an integer"), ("threshold=high", "takes a number"),
            ("debug=1", "takes true or false"), ("threshold=", "takes a number"),
        ])
    func wrongVAD(text: String, words: String) {
        let problem = #expect(throws: ArgumentProblem.self) { try StartSetting.vad(text) }
        #expect(problem?.description.contains(words) == true)
    }

    @Test(
        "any member can be set: JSON as it is, texts without quotes",
        arguments: [
            ("single_utterance=true", ["single_utterance"], true), ("context=123", ["context"], "123"),
            ("end_thought_eagerness=low", ["end_thought_eagerness"], "low"), ("vad.x=1", ["vad", "x"], 1),
            ("a=b=c", ["a"], "b=c"), ("vad={}", ["vad"], [:]), ("sample_rate=\"x\"", ["sample_rate"], "x"),
            ("context=", ["context"], ""),
        ] as [(String, [String], JSONValue)])
    func any(text: String, path: [String], value: JSONValue) throws {
        #expect(try StartSetting.any(text) == StartSetting(path: path, value: value))
    }

    @Test(
        "what is no setting at all is refused",
        arguments: ["type=stop", "", "a", ".a=1", "a..b=1", "a.b.c.d.e.f.g.h.i=1"])
    func wrong(text: String) {
        #expect(throws: ArgumentProblem.self) { try StartSetting.any(text) }
    }

    @Test(
        "the start message says what the recording is, and what is set; of two the last counts",
        arguments: [
            ([], #"{"channels":2,"sample_rate":8000,"type":"start"}"#),
            (
                ["vad.threshold=0.5", "vad.debug=true", "vad.threshold=0.6", "context=c"],
                #"{"channels":2,"context":"c","sample_rate":8000,"type":"start","vad":{"debug":true,"threshold":0.6}}"#
            ),
            (["sample_rate=1"], #"{"channels":2,"sample_rate":1,"type":"start"}"#),
            (["vad.x=1", "vad=null"], #"{"channels":2,"sample_rate":8000,"type":"start","vad":null}"#),
        ] as [([String], String)])
    func message(settings: [String], text: String) throws {
        let format = WAVFormat(encoding: .signed16, channels: 2, sampleRate: 8000)
        #expect(try StartRequest.text(format, settings: try settings.map(StartSetting.any)) == text)
    }

    @Test("one member cannot be a value and an object")
    func conflict() throws {
        let settings = try ["vad=1", "vad.x=1"].map(StartSetting.any)
        let format = WAVFormat(encoding: .signed16, channels: 1, sampleRate: 8000)
        #expect(throws: CommandFailure("vad is set to a number and to an object")) {
            try StartRequest.text(format, settings: settings)
        }
    }
}
