import Testing

@testable import GatewayCore

@Suite("The parts of the token pool")
struct TokenPoolPartsTests {
    @Test("the window counts what came in the last span, and forgets gradually")
    func window() {
        var window = ArrivalWindow(span: .seconds(10))
        #expect(window.count(at: .seconds(5)) == 0)
        for second in 0..<10 { window.arrived(at: .seconds(second)) }
        #expect(window.count(at: .seconds(9)) == 10)
        #expect(window.count(at: .seconds(10)) == 10)
        #expect(window.count(at: .seconds(15)) == 5)
        #expect(window.count(at: .seconds(19)) == 1)
        #expect(window.count(at: .seconds(20)) == 0)
        window.arrived(at: .seconds(1000))
        #expect(window.count(at: .seconds(1000)) == 1)
    }

    @Test("the stock gives away what is good for the shortest time, and lets go what is not good any more")
    func stock() {
        var stock = TokenStock()
        for (number, seconds) in [(1, 30), (2, 10), (3, 20)] as [(UInt64, Int)] {
            stock.add(number, goodUntil: .seconds(seconds), replaceAt: .seconds(seconds - 1))
        }
        #expect(stock.nextChange(after: .zero) == .seconds(9))
        #expect(stock.nextChange(after: .seconds(9)) == .seconds(10))
        #expect(stock.fresh(at: .seconds(9)) == 2 && stock.count == 3)
        #expect(stock.takeExpired(at: .seconds(10)) == [2])
        #expect(stock.takeFirst() == 3)
        #expect(stock.hasGood(at: .seconds(29)) && !stock.hasGood(at: .seconds(30)))
        #expect(stock.takeAll() == [1] && stock.takeFirst() == nil)
    }

    @Test("refills that fail become rarer, up to every 30 s, and are quick again after one success")
    func refill() {
        var refill = RefillPace()
        var pauses: [Duration] = []
        for step in 1...7 {
            let now = Duration.seconds(step * 100)
            refill.failed(at: now, jitter: 1)
            pauses.append(refill.nextAt - now)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        refill.succeeded()
        refill.failed(at: .seconds(900), jitter: 0)
        #expect(refill.nextAt == .milliseconds(900_500))
        refill.started(at: .seconds(901), interval: .milliseconds(100))
        #expect(refill.nextAt == .milliseconds(901_100))
    }

    @Test("the idle cost is the floor, renewed at its age")
    func idleCost() {
        #expect(TokenPoolSettings().idleMintsPerDay == 4320)
        #expect(TokenPoolSettings(floor: 2, ceiling: 32, maxAge: .seconds(30)).idleMintsPerDay == 5760)
        #expect(TokenPoolSettings(floor: 0).idleMintsPerDay == 0)
        #expect(TokenPoolSettings(floor: 5, ceiling: 0).idleMintsPerDay == 0)
    }

    @Test("what operators are told names the cause, and never a key's bytes")
    func words() {
        let notices: [UpstreamNotice] = [
            .keyRefused(key: 0, status: 401), .keyLimited(key: 1, retryAfter: .seconds(7)),
            .keyLimited(key: 1, retryAfter: nil), .keyAccepted(key: 0), .mintCircuitOpened(.timedOut),
            .mintCircuitClosed, .dialCircuitOpened("it broke"), .dialCircuitClosed, .tokensExpireAtOnce,
        ]
        let words = notices.map { "\($0)" }
        #expect(Set(words).count == notices.count)
        #expect(words[0].contains("API key 1") && words[0].contains("401") && words[0].contains("reload"))
        #expect(words[1].contains("API key 2") && words[1].contains("7.0 seconds"))
        #expect(words[6].contains("it broke"))
    }
}
