import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Patterns of names")
struct NameGlobTests {
    @Test(
        "the whole name fits",
        arguments: [
            ("kiosk-*", "kiosk-1"), ("kiosk-*", "kiosk-"), ("*", ""), ("*", "a"), ("?", "a"), ("a", "a"), ("", ""),
            ("a*b*c", "abc"), ("a*b*c", "a-b-b-c"), ("*-hall", "kiosk-hall"), ("a**b", "ab"), ("?*", "a"),
            ("*?", "abc"), ("a?c*", "abcd"), ("*ab", "aab"), ("*a*a*a", "aaaa"),
        ])
    func fits(pattern: String, name: String) {
        #expect(NameGlob(pattern).matches(name))
    }

    @Test(
        "what does not fit as a whole does not fit",
        arguments: [
            ("kiosk-*", "kiosk"), ("kiosk-*", "xkiosk-1"), ("kiosk-*", "Kiosk-1"), ("?", ""), ("?", "ab"), ("a", "ab"),
            ("", "a"), ("a*b", "abc"), ("*a*a*a*", "aa"), ("a?c", "ac"), ("[ab]", "a"), ("a.c", "abc"),
        ])
    func doesNotFit(pattern: String, name: String) {
        #expect(!NameGlob(pattern).matches(name))
    }

    /// The definition, letter by letter.
    private func slow(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        switch pattern.first {
        case nil: name.isEmpty
        case "*": slow(pattern.dropFirst(), name) || !name.isEmpty && slow(pattern, name.dropFirst())
        case "?": !name.isEmpty && slow(pattern.dropFirst(), name.dropFirst())
        case let letter?: name.first == letter && slow(pattern.dropFirst(), name.dropFirst())
        }
    }

    @Test("random patterns decide as the definition does, and cover only what they fit")
    func random() {
        var generator = SeededGenerator(seed: 7)
        func text(_ letters: String, upTo most: Int) -> String {
            String(
                (0..<Int.random(in: 0...most, using: &generator)).map { _ in letters.randomElement(using: &generator)! }
            )
        }
        for _ in 0..<10_000 {
            let (pattern, other, name) = (text("ab*?", upTo: 6), text("ab*?", upTo: 5), text("ab", upTo: 8))
            #expect(
                NameGlob(pattern).matches(name) == slow(Array(pattern)[...], Array(name)[...]), "\(pattern) \(name)")
            if NameGlob(pattern).covers(NameGlob(other)), NameGlob(other).matches(name) {
                #expect(NameGlob(pattern).matches(name), "\(pattern) covers \(other)")
            }
        }
    }
}
