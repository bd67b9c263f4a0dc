import GatewayCore
import Testing

@Suite("Pace of text messages")
struct TextPaceTests {
    @Test("a burst, and what is allowed after it, is fine", arguments: [(20, 0), (1, 60_000), (10, 3000)])
    func fine(perSecond: Int, bytes: Int) {
        var pace = TextPace(now: .zero)
        for _ in 0..<(5 * perSecond) { #expect(pace.received(bytes: bytes, now: .zero) == .fine) }
        for second in 1...100 {
            for _ in 0..<perSecond { #expect(pace.received(bytes: bytes, now: .seconds(second)) == .fine) }
        }
    }

    @Test("what is more is held back", arguments: [(240, 0, 2), (11, 62_259, 1)])
    func heldBack(messages: Int, bytes: Int, seconds: Int) {
        var pace = TextPace(now: .zero)
        let verdicts = (0..<messages).map { _ in pace.received(bytes: bytes, now: .zero) }
        guard case .holdBack(let time) = verdicts.last else {
            Issue.record("\(String(describing: verdicts.last))")
            return
        }
        #expect(time > .seconds(seconds) - .milliseconds(100) && time < .seconds(seconds) + .milliseconds(100))
        #expect(pace.received(bytes: bytes, now: .seconds(seconds + 2)) == .fine)
    }

    @Test("who would have to wait for too long is too fast")
    func flood() {
        var pace = TextPace(now: .zero)
        let fits = (0..<10_000).prefix { _ in pace.received(bytes: 0, now: .zero) != .tooFast }.count
        #expect(fits == 799)
        #expect(TextPace.words.contains("20 messages and 64 KiB a second"))
    }
}
