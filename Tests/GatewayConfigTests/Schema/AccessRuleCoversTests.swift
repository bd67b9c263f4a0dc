import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Rules that leave nothing to later ones")
struct AccessRuleCoversTests {
    /// `o:` origins and `a:` ranges, comma-separated.
    private func rule(_ text: String) -> AccessRule {
        var rule = AccessRule(name: "x")
        for part in text.split(separator: " ") {
            let values = part.dropFirst(2).split(separator: ",")
            if part.hasPrefix("o:") { rule.origins = values.map(String.init) }
            if part.hasPrefix("a:") { rule.addresses = values.compactMap { AddressRange($0) } }
        }
        return rule
    }

    @Test(
        "A rule covers what it matches all of",
        arguments: [
            ("o:a,b", "o:a"), ("o:a", "o:a a:10.0.0.0/8"), ("a:10.0.0.0/8", "a:10.1.0.0/16,10.2.3.4"),
            ("a:0.0.0.0/0", "a:10.0.0.0/8"), ("o:a a:0.0.0.0/0,::/0", "o:a"), ("a:fc00::/7", "a:fd00::/8"),
        ])
    func covers(earlier: String, later: String) {
        #expect(rule(earlier).covers(rule(later)))
    }

    @Test(
        "A rule that matches less covers nothing",
        arguments: [
            ("o:a", "o:a,b"), ("o:a a:10.0.0.0/8", "o:a"), ("a:10.0.0.0/8", "o:a a:10.0.0.0/8"),
            ("o:a", "a:10.0.0.0/8"),
            ("a:10.0.0.0/16", "a:10.0.0.0/8"), ("a:0.0.0.0/0", "a:::1"), ("o:a a:0.0.0.0/0", "o:a"),
        ])
    func doesNotCover(earlier: String, later: String) {
        #expect(!rule(earlier).covers(rule(later)))
    }
}
