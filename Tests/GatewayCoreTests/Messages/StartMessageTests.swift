import GatewayCore
import Testing

@Suite("Start messages")
struct StartMessageTests {
    private func decode(_ text: String) throws -> StartMessage {
        try StartMessage(decoding: try #require(try JSONValue(parsing: text.utf8).object))
    }

    private func problems(_ text: String) throws -> [FieldProblem] {
        let object = try #require(try JSONValue(parsing: text.utf8).object)
        do throws(ClientMessageError) {
            _ = try StartMessage(decoding: object)
            return []
        } catch {
            guard case .startRefused(let problems) = error else { return [] }
            return problems
        }
    }

    private static let full = #"""
        {"type":"start","sample_rate":16000,"channels":1.0,"single_utterance":false,"detect_thoughts":true,
         "end_thought_eagerness":"high","force_complete_time":2.50,"context":"Größe \u0022A\u0022",
         "vad":{"threshold":0.30,"min_silence_ms":4e2,"speech_pad_ms":300,"final_silence_s":0.1,"start_trigger_ms":30,
         "min_voiced_ms":100,"min_chars":1,"min_words":1,"amp_extend":0,"force_decode_ms":0,"debug":false,
         "events":true,"event_hz":10}}
        """#

    @Test("every field is understood")
    func everyField() throws {
        let message = try decode(Self.full)
        #expect(message.values.count == StartField.allCases.count)
        #expect(message.sampleRate == 16000)
        #expect(message.channels == 1)
        #expect(message[.endThoughtEagerness] == .string("high"))
        #expect(message[.forceCompleteTime] == .number(2.5))
        #expect(message[.context] == .string("Größe \"A\""))
        #expect(message[.threshold] == .number(0.3))
        #expect(message[.minSilence] == .integer(400))
        #expect(message[.forceDecode] == .integer(0))
        #expect(message[.events] == .boolean(true))
        #expect(message.unknown.isEmpty && message.unknownInVAD.isEmpty && !message.wantsGatewayEvents)
    }

    @Test("it is written afresh, sorted, numbers in their shortest form")
    func written() throws {
        let expected =
            #"{"channels":1,"context":"Größe \"A\"","detect_thoughts":true,"end_thought_eagerness":"high","#
            + #""force_complete_time":2.5,"sample_rate":16000,"single_utterance":false,"type":"start","vad":{"#
            + #""amp_extend":0,"debug":false,"event_hz":10,"events":true,"final_silence_s":0.1,"force_decode_ms":0,"#
            + #""min_chars":1,"min_silence_ms":400,"min_voiced_ms":100,"min_words":1,"speech_pad_ms":300,"#
            + #""start_trigger_ms":30,"threshold":0.3}}"#
        #expect(try decode(Self.full).json.text == expected)
    }

    @Test(
        "what was written decodes to the same message, and is written the same again",
        arguments: [
            full, #"{"type":"start"}"#, #"{"type":"start","vad":{}}"#,
            #"{"type":"start","vad":{"threshold":1.5,"min_silence_ms":-3,"x":{"b":1,"a":[1e5]}},"later":null}"#,
            #"{"type":"start","force_complete_time":30,"gateway":{"events":true}}"#,
        ])
    func stable(text: String) throws {
        let message = try decode(text)
        var expected = message
        expected.wantsGatewayEvents = false
        let again = try decode(message.json.text)
        #expect(again == expected)
        #expect(again.json.encoded == message.json.encoded)
    }

    @Test(
        "what is not needed is not written",
        arguments: [
            (#"{"type":"start","vad":{}}"#, #"{"type":"start"}"#),
            (#"{"gateway":{"events":true,"x":1},"type":"start"}"#, #"{"type":"start"}"#),
            (#"{"type":"start","force_complete_time":30.0}"#, #"{"force_complete_time":30,"type":"start"}"#),
            (#"{"type":"start","vad":{"min_silence_ms":-0}}"#, #"{"type":"start","vad":{"min_silence_ms":0}}"#),
        ])
    func minimal(text: String, written: String) throws {
        #expect(try decode(text).json.text == written)
    }

    @Test("members that are not known are kept apart, and sent on")
    func unknown() throws {
        let message = try decode(#"{"type":"start","threshold":5,"vad":{"sample_rate":"x","a":null,"threshold":0.5}}"#)
        #expect(message.unknown == ["threshold": 5])
        #expect(message.unknownInVAD == ["sample_rate": "x", "a": .null])
        #expect(message.values == [.threshold: .number(0.5)])
        #expect(
            message.json.text == #"{"threshold":5,"type":"start","vad":{"a":null,"sample_rate":"x","threshold":0.5}}"#)
    }

    @Test(
        "gateway events are asked for in the message",
        arguments: [
            (#"{"gateway":{"events":true}}"#, true), (#"{"gateway":{"events":false}}"#, false),
            (#"{"gateway":{}}"#, false), ("{}", false),
        ])
    func gatewayEvents(text: String, wanted: Bool) throws {
        #expect(try decode(text).wantsGatewayEvents == wanted)
    }

    @Test(
        "a value of another kind is refused, and the problem says what is expected and what came",
        arguments: [
            (#"{"sample_rate":"16000"}"#, "sample_rate must be an integer (hertz), not a string."),
            (#"{"sample_rate":true}"#, "sample_rate must be an integer (hertz), not a boolean."),
            (#"{"sample_rate":null}"#, "sample_rate must be an integer (hertz), not null."),
            (#"{"sample_rate":[16000]}"#, "sample_rate must be an integer (hertz), not an array."),
            (#"{"channels":1.5}"#, "channels must be an integer, not 1.5."),
            (#"{"single_utterance":1}"#, "single_utterance must be true or false, not a number."),
            (#"{"single_utterance":"true"}"#, "single_utterance must be true or false, not a string."),
            (#"{"detect_thoughts":0}"#, "detect_thoughts must be true or false, not a number."),
            (
                #"{"end_thought_eagerness":"fast"}"#,
                #"end_thought_eagerness must be one of low, medium, high, not "fast"."#
            ),
            (
                #"{"end_thought_eagerness":"so fast"}"#,
                "end_thought_eagerness must be one of low, medium, high, not another string."
            ),
            (#"{"end_thought_eagerness":1}"#, "end_thought_eagerness must be one of low, medium, high, not a number."),
            (#"{"force_complete_time":"2s"}"#, "force_complete_time must be a number (seconds), not a string."),
            (#"{"force_complete_time":1e999}"#, "force_complete_time must be a number (seconds), not 1e999."),
            (#"{"context":5}"#, "context must be a string, not a number."),
            (#"{"context":{"a":1}}"#, "context must be a string, not an object."),
            (#"{"vad":[]}"#, "vad must be an object, not an array."),
            (#"{"vad":null}"#, "vad must be an object, not null."),
            (#"{"vad":{"threshold":"0.5"}}"#, "vad.threshold must be a number, not a string."),
            (#"{"vad":{"threshold":true}}"#, "vad.threshold must be a number, not a boolean."),
            (#"{"vad":{"min_silence_ms":400.5}}"#, "vad.min_silence_ms must be an integer (milliseconds), not 400.5."),
            (
                #"{"vad":{"min_silence_ms":9223372036854775808}}"#,
                "vad.min_silence_ms must be an integer (milliseconds), not 9223372036854775808."
            ),
            (
                #"{"vad":{"amp_extend":0.00000000000000000000000000001}}"#,
                "vad.amp_extend must be an integer (milliseconds), not a number that long."
            ),
            (#"{"vad":{"min_words":1e-1}}"#, "vad.min_words must be an integer (words), not 1e-1."),
            (#"{"vad":{"debug":"off"}}"#, "vad.debug must be true or false, not a string."),
            (#"{"vad":{"event_hz":1e1000000000000}}"#, "vad.event_hz must be an integer (hertz), not 1e1000000000000."),
            (#"{"gateway":true}"#, "gateway must be an object, not a boolean."),
            (#"{"gateway":{"events":1}}"#, "gateway.events must be true or false, not a number."),
        ])
    func refused(text: String, message: String) throws {
        #expect(try problems(text).map(\.description) == [message])
        #expect(message.utf8.count <= 120)
    }

    @Test("all problems are told at once, in the order of the message")
    func allProblems() throws {
        let text = #"{"vad":{"threshold":"x","x":1,"debug":1},"channels":"1","type":"start","gateway":1}"#
        #expect(try problems(text).map(\.field) == ["vad.threshold", "vad.debug", "channels", "gateway"])
    }

    @Test("values that make no sense pass: that is the policy's business")
    func outOfRange() throws {
        let message = try decode(#"{"vad":{"threshold":1.5,"min_silence_ms":-1},"sample_rate":0}"#)
        #expect(message[.threshold] == .number(1.5))
        #expect(message[.minSilence] == .integer(-1))
        #expect(message.sampleRate == 0)
    }

    @Test("a setting can be changed and taken out")
    func changed() {
        var message = StartMessage()
        message[.threshold] = .number(0.45)
        message[.minSilence] = .integer(800)
        message[.context] = .string("x")
        message[.context] = nil
        #expect(message.json.text == #"{"type":"start","vad":{"min_silence_ms":800,"threshold":0.45}}"#)
    }
}
