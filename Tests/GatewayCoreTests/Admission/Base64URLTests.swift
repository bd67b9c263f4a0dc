import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Base64 for URLs")
struct Base64URLTests {
    @Test(
        "the vectors of RFC 4648 §10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test("the last two letters of the alphabet are those that URLs allow")
    func alphabet() {
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
        #expect(Base64URL.decode("-_-_") == [0xFB, 0xFF, 0xBF])
    }

    @Test("what was encoded is decoded, for every length up to 100 and every byte")
    func roundTrip() {
        var random = SeededGenerator(seed: 7)
        for length in 0...100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let text = Base64URL.encode(bytes)
            #expect(Base64URL.decode(text) == bytes)
            #expect(text.utf8.count == (length * 4 + 2) / 3)
        }
        let all = [UInt8](0...255)
        #expect(Base64URL.decode(Base64URL.encode(all)) == all)
    }

    @Test(
        "padding, other alphabets, other characters and impossible lengths are refused",
        arguments: [
            "Zg==", "Zg=", "Zm8=", "=", "====", "+/+/", "Zm9v Zm9v", " Zg", "Zg\n", "Zg\0", "Zm9v.Zm9v", "A", "AAAAA",
            "Ｚg", "é", "Zm\u{301}", "\u{212A}A",
        ])
    func refused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(
        "a text with bits left over that are not zero is another spelling of the same bytes, and refused",
        arguments: [("Zg", "Zh"), ("Zg", "Zv"), ("Zm8", "Zm9"), ("Zm8", "Zm-"), ("AA", "AB"), ("AAA", "AAB")])
    func canonical(good: String, bad: String) {
        #expect(Base64URL.decode(good) != nil)
        #expect(Base64URL.decode(bad) == nil)
    }

    @Test("one spelling only: of all texts of two letters those decode that encoding gives")
    func oneSpelling() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let decoded = letters.flatMap { first in letters.map { "\(first)\($0)" } }.filter {
            Base64URL.decode($0) != nil
        }
        #expect(Set(decoded) == Set((UInt8.min...UInt8.max).map { Base64URL.encode([$0]) }))
    }
}
