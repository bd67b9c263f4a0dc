import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Rules that leave nothing to later ones")
struct AccessRuleCoversTests {
    /// `o:` origins, `a:` ranges, `w:` words, `d:` devices and `l:` listeners, comma-separated.
    private func rule(_ text: String) -> AccessRule {
        var rule = AccessRule(name: "x")
        for part in text.split(separator: " ") {
            let values = part.dropFirst(2).split(separator: ",")
            if part.hasPrefix("o:") { rule.origins = values.map { OriginPattern(String($0)) } }
            if part.hasPrefix("a:") {
                rule.addresses = values.compactMap { AddressRange($0) }.map(AddressPattern.range)
            }
            if part.hasPrefix("w:") { rule.addresses = values.map { $0 == "loopback" ? .loopback : .privateUse } }
            if part.hasPrefix("d:") { rule.devices = values.map { NameGlob(String($0)) } }
            if part.hasPrefix("l:") { rule.listeners = values.map(String.init) }
        }
        return rule
    }

    @Test(
        "A rule covers what it matches all of",
        arguments: [
            ("o:a,b", "o:a"), ("o:a", "o:a a:10.0.0.0/8"), ("a:10.0.0.0/8", "a:10.1.0.0/16,10.2.3.4"),
            ("a:0.0.0.0/0", "a:10.0.0.0/8"), ("o:a a:0.0.0.0/0,::/0", "o:a"), ("a:fc00::/7", "a:fd00::/8"),
            ("o:https://*.a.b", "o:https://x.a.b"), ("o:https://*.a.b", "o:https://*.a.b"), ("w:private", "w:private"),
            ("w:loopback", "a:127.0.0.1"),
            ("a:127.0.0.0/8,::1", "w:loopback"), ("a:127.0.0.0/8", "d:x a:127.0.0.1"), ("d:*", "d:kiosk-*,?"),
            ("d:kiosk-*", "d:kiosk-1,kiosk-*-b"), ("d:k?", "d:kx,k?"), ("l:a,b", "l:b d:x"), ("d:*", "d:a l:x"),
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
            ("o:https://*.a.b", "o:https://a.b"), ("o:https://*.a.b", "o:https://x.y.a.b"),
            ("o:https://*.a.b", "o:null"), ("o:https://x.a.b", "o:https://*.a.b"),
            ("w:private", "w:loopback"), ("a:127.0.0.0/8", "w:loopback"), ("d:*", "a:127.0.0.1"), ("d:k?", "d:k*"),
            ("d:k-?", "d:k-*"), ("d:kiosk-*", "d:kiosk*"), ("l:a", "d:x"), ("l:a", "l:a,b"),
        ])
    func doesNotCover(earlier: String, later: String) {
        #expect(!rule(earlier).covers(rule(later)))
    }
}
