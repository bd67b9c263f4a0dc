import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Policies that are allowed, but doubtful")
struct PolicyWarningTests {
    private let used =
        "access: [{ name: a, match: { address: loopback }, policy: p }]\n" + Sample.listeners + Sample.upstream

    @Test(
        "Each doubt",
        arguments: [
            Refusal(
                "{ on_violation: observe, context: deny }",
                "4:32 policies.p.on_violation: nothing is limited: what would change is only counted and logged"),
            Refusal(
                "{ unknown_fields: pass, context: deny }",
                "4:34 policies.p.unknown_fields: whatever a client adds to its start message reaches the service"),
            Refusal("{}", "4:13 policies.p: limits nothing but unknown fields"),
            Refusal("{ vad: { debug: allow } }", "4:13 policies.p: limits nothing but unknown fields"),
            Refusal(
                "{ force_complete_time: { max: 300 } }",
                "4:46 policies.p.force_complete_time.max: counts seconds, and these are minutes; as many milliseconds "
                    + "are 0.3"),
            Refusal(
                "{ audio: { sample_rate: [8000, 44100], channels: 1 } }",
                "4:40 policies.p.audio.sample_rate: refuses clients that do not say what they send, which stands for "
                    + "16000 and one channel"),
            Refusal("{ audio: { channels: { allowed: 2, default: 2 } } }"), Refusal("{ audio: { channels: require } }"),
            Refusal("{ unknown_fields: reject }"), Refusal("{ preset: noisy }"),
            Refusal("{ messages: { allow: eos } }"),
            Refusal("{ vad: { final_silence_s: { max: 99 } } }"),
        ])
    func doubts(row: Refusal) {
        #expect(Sample.warnings(used + "policies: { p: \(row.text) }\n") == row.lines)
    }

    @Test("A policy that neither a rule names nor another extends")
    func unused() {
        let policies = "policies:\n  base: { context: deny }\n  p: { extends: base }\n  spare: { extends: base }\n"
        #expect(Sample.warnings(used + policies) == ["7:3 policies.spare: no rule uses this policy"])
        let offered = used.replacing("policy: p", with: "policy: p, policies: spare")
        #expect(Sample.warnings(offered + policies).isEmpty)
    }

    @Test("A rule that names no policy where none is called default")
    func unnamed() {
        let policies = "policies: { p: { context: deny } }\n"
        let rules = "access: [{ name: a, match: { address: loopback }, policies: p }]\n"
        let rest = Sample.listeners + Sample.upstream
        #expect(
            Sample.warnings(rules + rest + policies) == [
                "1:10 access[0]: names no policy, so it has the built-in default, which limits nothing"
            ])
        #expect(
            Sample.warnings(rules + rest + policies.replacing("}\n", with: ", default: { context: deny } }\n")).isEmpty)
        #expect(Sample.warnings(Sample.minimal).isEmpty)
    }

    @Test("A rule that names a preset for which there is no policy has its defaults, and no limits")
    func presetAsPolicy() throws {
        let rest = Sample.listeners + Sample.upstream
        let rules = "access: [{ name: a, match: { address: loopback }, policy: noisy, policies: [aggressive] }]\n"
        #expect(
            Sample.warnings(rules + rest) == [
                "1:59 access[0].policy: there is no policy of this name, so it is the preset, which limits nothing",
                "1:77 access[0].policies[0]: there is no policy of this name, so it is the preset, which limits nothing",
            ])
        let policies = try Sample.read(rules + rest).policies
        #expect(policies.keys.sorted() == ["aggressive", "default", "noisy"])
        #expect(policies["noisy"]?.limits == PolicyPreset.noisy.defaults.mapValues { FieldLimit(fallback: $0) })
        let defined = "policies: { noisy: { context: deny }, aggressive: { context: deny } }\n"
        #expect(Sample.warnings(rules + rest + defined).isEmpty)
        #expect(try Sample.read(rules + rest + defined).policies["noisy"]?.limits == [.context: FieldLimit(.denied)])
    }

    @Test("Once, where it is said, and not for every policy that extends")
    func inherited() {
        let policies = "policies:\n  base: { on_violation: observe, context: deny }\n  p: { extends: base }\n"
        #expect(
            Sample.warnings(used + policies) == [
                "5:25 policies.base.on_violation: nothing is limited: what would change is only counted and logged"
            ])
    }

    @Test("A warning is printed as one")
    func printed() throws {
        let warnings = try Sample.load(used + "policies: { p: {} }\n").warnings
        #expect(
            ConfigReport.render(warnings, path: "f") == """
                f:4:13: warning: policies.p: limits nothing but unknown fields
                  4 | policies: { p: {} }
                    |             ^
                  a policy without limits is the built-in default

                """)
    }
}
