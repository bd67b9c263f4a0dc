import GatewayCore
import Testing

@Suite("Client messages")
struct ClientMessageTests {
    @Test(
        "known messages are understood and written afresh",
        arguments: [
            (#" { "type" : "eos" } "#, .eos, #"{"type":"eos"}"#),
            (#"{"type":"e\u006fs","x":1}"#, .eos, #"{"type":"eos"}"#),
            (
                #"{"type":"ai_context","text":"a\u00e9\n","x":[]}"#, .aiContext(text: "aé\n"),
                #"{"text":"aé\n","type":"ai_context"}"#
            ),
            (
                #"{"user_text":"u","type":"thought_packet","ai_text":""}"#, .thoughtPacket(aiText: "", userText: "u"),
                #"{"ai_text":"","type":"thought_packet","user_text":"u"}"#
            ),
            (#"{"type":"start"}"#, .start(StartMessage()), #"{"type":"start"}"#),
        ] as [(String, ClientMessage, String)])
    func known(text: String, message: ClientMessage, written: String) throws {
        #expect(try ClientMessage.decode(text.utf8) == message)
        #expect(message.encoded == Array(written.utf8))
        #expect(try ClientMessage.decode(message.encoded) == message)
    }

    private func failure(_ bytes: some Collection<UInt8>) throws -> ClientMessageError {
        try #require(throws: ClientMessageError.self) { try ClientMessage.decode(bytes) }
    }

    @Test(
        "as the first message, what is no start is told that one is expected, and what is wrong with it",
        arguments: [
            (#"{"type":"start","vad":{"threshold":NaN}}"#, .startExpected, "no value where one must begin at byte 35."),
            (#"{"type":"hello"}"#, .startExpected, "of this type are not known here"),
            (#"{"type":"start","vad":3}"#, .policyStartRefused, "vad must be an object, not a number."),
        ] as [(String, Ending, String)])
    func first(text: String, ending: Ending, words: String) throws {
        let answer = try failure(text.utf8).asFirstMessage
        #expect(answer.ending == ending)
        #expect(answer.message.contains(words))
        #expect(answer.message.hasPrefix(Ending.startExpected.message) == (ending == .startExpected))
    }

    @Test(
        "what is no JSON object ends with not_json",
        arguments: [
            ("", "A text message must be one JSON object in UTF-8; found an unexpected end at byte 0."),
            (
                "hello",
                "A text message must be one JSON object in UTF-8; found no value where one must begin at byte 0."
            ),
            ("[]", "A text message must be one JSON object, not an array."),
            ("null", "A text message must be one JSON object, not null."),
            ("\"eos\"", "A text message must be one JSON object, not a string."),
            (#"{"type":"eos",}"#, nil), (#"{"type":"eos"}{}"#, nil), ("\u{FEFF}{\"type\":\"eos\"}", nil),
            (#"{"type":"start","type":"start""#, nil), (#"[{"a":1,"a":1}]"#, nil),
        ] as [(String, String?)])
    func notJSON(text: String, message: String?) throws {
        let error = try failure(text.utf8)
        #expect(error.ending == .notJSON)
        if let message { #expect(error.message == message) }
    }

    @Test(
        "other types end with unknown_message, and are not quoted",
        arguments: [
            ("{}", false), (#"{"type":null}"#, false), (#"{"type":1}"#, false), (#"{"type":"Start"}"#, true),
            (#"{"type":"finalize"}"#, true), (#"{"type":"my secret"}"#, true), (#"{"type":""}"#, true),
            (#"{"type":"\u0065\u0301os"}"#, true),
        ])
    func unknown(text: String, hasType: Bool) throws {
        let error = try failure(text.utf8)
        #expect(error == .unknownMessage(hasType: hasType))
        #expect(error.ending == .unknownMessage)
        #expect(error.message.contains(hasType ? "of this type" : "needs a type"))
    }

    @Test(
        "a duplicate name ends as the message it was meant to be",
        arguments: [
            (#"{"type":"start","channels":1,"channels":2}"#, .policyStartRefused),
            (#"{"type":"start","vad":{"threshold":1,"\u0074hreshold":0}}"#, .policyStartRefused),
            (#"{"type":"eos","type":"start"}"#, .policyStartRefused), (#"{"x":1,"x":2}"#, .notJSON),
            (#"{"type":"ai_context","text":"a","text":"b"}"#, .notJSON),
        ] as [(String, Ending)])
    func duplicateName(text: String, ending: Ending) throws {
        let error = try failure(text.utf8)
        #expect(error.ending == ending)
        #expect(error.message.hasPrefix("Every name must be unique in its object; found"))
    }

    @Test(
        "a known message without its fields ends with policy_message_refused",
        arguments: [
            (#"{"type":"ai_context"}"#, "ai_context.text must be a string, not left out."),
            (#"{"type":"ai_context","text":null}"#, "ai_context.text must be a string, not null."),
            (
                #"{"type":"thought_packet","user_text":5}"#,
                "thought_packet.ai_text must be a string, not left out. "
                    + "thought_packet.user_text must be a string, not a number."
            ),
        ])
    func malformed(text: String, message: String) throws {
        let error = try failure(text.utf8)
        #expect(error.ending == .policyMessageRefused)
        #expect(error.message == message)
    }

    @Test("a start with problems ends with policy_start_refused and names them")
    func startRefused() throws {
        let error = try failure(#"{"type":"start","channels":"1","vad":{"threshold":"x"}}"#.utf8)
        #expect(error.ending == .policyStartRefused)
        #expect(
            error.message == "channels must be an integer, not a string. vad.threshold must be a number, not a string.")
    }

    @Test("the message to the client lists eight problems and counts the rest")
    func bounded() throws {
        let vad = StartField.allCases.filter(\.isInVAD)
        let members = vad.map { "\"\($0.name)\":\"x\"" }.joined(separator: ",")
        let message = try failure("{\"type\":\"start\",\"vad\":{\(members)}}".utf8).message
        #expect(message.hasSuffix(" And \(vad.count - 8) more."))
        #expect(message.components(of: " must be ") == 8)
        #expect(message.utf8.count < 8 * 121 + 20)
    }

    @Test("hostile messages are decoded in linear time", .timeLimit(.minutes(1)))
    func hostile() throws {
        let members = (0..<10_000).map { "\"n\($0)\":1" }.joined(separator: ",")
        let text = "{\"type\":\"start\",\(members),\"vad\":{\(members)}}"
        guard case .start(let message) = try ClientMessage.decode(text.utf8) else {
            Issue.record("no start")
            return
        }
        #expect(message.unknown.members.count == 10_000)
        #expect(message.unknownInVAD.members.count == 10_000)
        let encoded = ClientMessage.start(message).encoded
        #expect(try ClientMessage.decode(encoded) == .start(message))
        let marks = String(repeating: "\u{301}\u{316}", count: 20_000)
        _ = try ClientMessage.decode("{\"type\":\"start\",\"e\(marks)\":1}".utf8)
    }
}

extension String {
    /// How often a part occurs.
    fileprivate func components(of part: String) -> Int {
        indices.count { self[$0...].hasPrefix(part) }
    }
}
