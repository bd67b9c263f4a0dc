import Testing

@testable import GatewayConfig

@Suite("Mistakes between policies and rules")
struct PolicyChainProblemTests {
    @Test(
        "Policies that extend one another",
        arguments: [
            Refusal("a: { extends: b }\n", "2:17 policies.a.extends: there is no such policy"),
            Refusal("base: {}\na: { extends: bsae }\n", "3:17 policies.a.extends: there is no such policy → base"),
            Refusal("a: { extends: noisy }\n", "2:17 policies.a.extends: there is no such policy"),
            Refusal("a: { extends: a }\n", "2:17 policies.a.extends: goes in a circle: a → a"),
            Refusal(
                "x: { extends: c }\na: { extends: b }\nb: { extends: c }\nc: { extends: a }\n",
                "3:17 policies.a.extends: goes in a circle: a → b → c → a"),
            Refusal(
                "a: { extends: b }\nb: { extends: a }\nc: { extends: d }\nd: { extends: c }\n",
                "2:17 policies.a.extends: goes in a circle: a → b → a",
                "4:17 policies.c.extends: goes in a circle: c → d → c"),
        ])
    func chains(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "A contradiction is reported once, where a policy causes it",
        arguments: [
            Refusal(
                "a: { vad: { threshold: { min: 0.4, default: 0.5 } } }\nb: { extends: a, vad: { threshold: { max: 0.3 } } }\n"
                    + "c: { extends: b }\n",
                "3:45 policies.b.vad.threshold.max: is below the min 0.4 of line 2"),
            Refusal(
                "a: { vad: { threshold: { min: 0.4, max: 0.8 } } }\nb: { extends: a, vad: { threshold: { min: 0.9 } } }\n",
                "3:45 policies.b.vad.threshold.min: is above the max 0.8 of line 2"),
            Refusal(
                "a: { vad: { threshold: { default: 0.5 } } }\nb: { extends: a, vad: { threshold: { max: 0.3 } } }\n",
                "3:45 policies.b.vad.threshold.max: the default 0.5 of line 2 is above the max 0.3"),
            Refusal(
                "a: { vad: { threshold: { max: 0.3 } } }\nb: { extends: a, vad: { threshold: { default: 0.5 } } }\n",
                "3:49 policies.b.vad.threshold.default: is above the max 0.3 of line 2"),
            Refusal(
                "a: { vad: { min_silence_ms: { min: 200 } } }\nb: { extends: a, preset: aggressive }\n",
                "3:28 policies.b.preset: gives vad.min_silence_ms 100, which is below the min 200 of line 2"),
            Refusal(
                "a: { vad: { debug: false } }\nb: { extends: a, vad: { debug: { default: true } } }\n",
                "3:45 policies.b.vad.debug.default: is never used beside the fixed value of line 2"),
        ])
    func inherited(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "What could not be read causes no second problem",
        arguments: [
            Refusal(
                "a: { preset: aggressive, vad: { min_silence_ms: { min: 200, default: 3s } } }\n",
                "2:72 policies.a.vad.min_silence_ms.default: expected an integer (milliseconds) → 3000"),
            Refusal(
                "a: { extends: c, preset: noisy, vad: { force_decode_ms: { max: 5 } } }\n",
                "2:17 policies.a.extends: there is no such policy"),
            Refusal(
                "a: deny\nb: { extends: a, preset: noisy, vad: { force_decode_ms: { max: 5 } } }\n",
                "2:6 policies.a: expected a mapping with preset, extends, on_violation, unknown_fields, messages, audio, "
                    + "single_utterance, detect_thoughts, end_thought_eagerness, force_complete_time, context, vad, found "
                    + "a plain word"),
        ])
    func consequences(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    /// Each policy stands on a line of its own, the first on line 2.
    private func lines(_ policies: String) -> [String] {
        let indented = policies.split(separator: "\n").map { "  \($0)\n" }.joined()
        return Sample.lines("policies:\n" + indented + Sample.minimal)
    }

    @Test(
        "Rules name policies that there are, each once",
        arguments: [
            Refusal("policy: b", "1:59 access[0].policy: there is no such policy"),
            Refusal("policy: aa", "1:59 access[0].policy: there is no such policy → a"),
            Refusal("policy: [a]", "1:59 access[0].policy: expected a text, found a list"),
            Refusal("policy: a, policies: []", "1:72 access[0].policies: must not be empty"),
            Refusal(
                "policy: a, policies: [nois, a, d e]",
                "1:73 access[0].policies[0]: there is no such policy",
                "1:79 access[0].policies[1]: repeats access[0].policy of line 1",
                "1:82 access[0].policies[2]: expected a name of 1 to 64 letters, digits, dots, dashes and underscores"),
            Refusal("policies: default", "1:61 access[0].policies: applies already: the rule names no policy"),
            Refusal("polcy: a", "1:51 access[0].polcy: unknown key → policy"),
        ])
    func rules(row: Refusal) {
        let text = "access: [{ name: a, match: { address: loopback }, \(row.text) }]\npolicies: { a: {} }\n"
        #expect(Sample.lines(text + Sample.listeners + Sample.upstream) == row.lines)
    }

    @Test("Without policies there is one, and the error tells where to define others")
    func noPolicies() {
        let text = Sample.listeners + Sample.upstream
        let rule = { (policy: String) in "access: [{ name: a, match: { address: loopback }, policy: \(policy) }]\n" }
        #expect(Sample.problems(text + rule("default")).isEmpty)
        #expect(Sample.problems(text + rule("mine")).map(\.hint) == ["policies are defined under policies"])
    }

    @Test("A preset is no policy to extend")
    func extendsPreset() {
        let problems = Sample.problems(Sample.minimal + "policies: { a: { extends: noisy } }\n")
        #expect(problems.map(\.hint) == ["noisy is a preset: write preset: noisy"])
    }

    @Test("Of policies that could not be read, no name is unknown")
    func unreadablePolicies() {
        let text = "policies: 3\naccess: [{ name: a, match: { address: loopback }, policy: mine }]\n"
        #expect(
            Sample.lines(text + Sample.listeners + Sample.upstream) == [
                "1:11 policies: expected a mapping of names to policies, found a plain word"
            ])
    }
}
