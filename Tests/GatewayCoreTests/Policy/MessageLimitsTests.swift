import GatewayCore
import Testing

@Suite("Messages behind a start")
struct MessageLimitsTests {
    private static let badContext = ClientMessageError.messageRefused(
        .aiContext, [FieldProblem(field: "ai_context.text", expected: "a string", given: "a number")])

    @Test("eos is allowed whatever the policy says", arguments: MessageLimits.Otherwise.allCases)
    func eos(otherwise: MessageLimits.Otherwise) {
        #expect(MessageLimits(allowed: [], otherwise: otherwise).judge(.eos) == .forward)
    }

    @Test("what is listed goes on", arguments: MessageLimits.Kind.allCases, MessageLimits.Otherwise.allCases)
    func listed(kind: MessageLimits.Kind, otherwise: MessageLimits.Otherwise) {
        #expect(MessageLimits(allowed: [kind], otherwise: otherwise).judge(kind) == .forward)
    }

    @Test(
        "a known message that is not listed is refused or left out",
        arguments: [MessageLimits.Kind.aiContext, .thoughtPacket])
    func unlisted(kind: MessageLimits.Kind) {
        let words = "Messages of type \(kind.rawValue) are not allowed by the policy; allowed are eos."
        #expect(MessageLimits(allowed: []).judge(kind) == .refuse(.policyMessageRefused, detail: words))
        #expect(MessageLimits(allowed: [], otherwise: .drop).judge(kind) == .drop)
    }

    @Test("a message of unknown type is refused as such or left out", arguments: [false, true])
    func unknown(hasType: Bool) {
        let error = ClientMessageError.unknownMessage(hasType: hasType)
        #expect(MessageLimits().judge(error) == .refuse(.unknownMessage, detail: error.message))
        #expect(MessageLimits(otherwise: .drop).judge(error) == .drop)
    }

    @Test("what is wrong with a listed message is told, never left out", arguments: MessageLimits.Otherwise.allCases)
    func wrongInListed(otherwise: MessageLimits.Otherwise) {
        let limits = MessageLimits(allowed: [.aiContext], otherwise: otherwise)
        #expect(limits.judge(Self.badContext) == .refuse(.policyMessageRefused, detail: Self.badContext.message))
    }

    @Test("an unlisted message is judged by its type, whatever is wrong with it")
    func wrongInUnlisted() {
        #expect(MessageLimits(allowed: [], otherwise: .drop).judge(Self.badContext) == .drop)
        #expect(MessageLimits(allowed: []).judge(Self.badContext) == MessageLimits(allowed: []).judge(.aiContext))
    }

    @Test(
        "what is no JSON object ends the session under any policy",
        arguments: [#"{"type":"#, "[]", #""eos""#, #"{"type":"x","a":1,"a":2}"#, "\u{FEFF}{}"])
    func notJSON(text: String) throws {
        let error = #expect(throws: ClientMessageError.self) { try ClientMessage.decode(text.utf8) }
        let wrong = try #require(error)
        for otherwise in MessageLimits.Otherwise.allCases {
            #expect(MessageLimits(otherwise: otherwise).judge(wrong) == .refuse(.notJSON, detail: wrong.message))
        }
    }

    @Test(
        "a second start is a second start, whatever else is wrong with it",
        arguments: [#"{"type":"start","sample_rate":"x"}"#, #"{"type":"start","vad":{},"vad":{}}"#])
    func secondStart(text: String) throws {
        let error = #expect(throws: ClientMessageError.self) { try ClientMessage.decode(text.utf8) }
        for otherwise in MessageLimits.Otherwise.allCases {
            #expect(
                MessageLimits(otherwise: otherwise).judge(try #require(error))
                    == .refuse(.secondStart, detail: Ending.secondStart.message))
        }
    }

    @Test("a message knows its kind, a start has none")
    func kinds() throws {
        #expect(ClientMessage.eos.kind == .eos)
        #expect(ClientMessage.aiContext(text: "").kind == .aiContext)
        #expect(ClientMessage.thoughtPacket(aiText: "", userText: "").kind == .thoughtPacket)
        #expect(ClientMessage.start(StartMessage()).kind == nil)
        for kind in MessageLimits.Kind.allCases {
            let text = #"{"type":"\#(kind.rawValue)","text":"","ai_text":"","user_text":""}"#
            #expect(try ClientMessage.decode(text.utf8).kind == kind)
        }
    }
}
