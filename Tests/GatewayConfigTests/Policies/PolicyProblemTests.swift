import Testing

@testable import GatewayConfig

@Suite("Mistakes in one policy")
struct PolicyProblemTests {
    /// Problems of `policies: { p: … }` on the first line, behind which the places count.
    private func lines(_ policy: String) -> [String] {
        Sample.lines("policies: { p: \(policy) }\n" + Sample.minimal)
    }

    @Test(
        "The section",
        arguments: [
            Refusal("policies:\n", "1:10 policies: expected a mapping of names to policies, found nothing"),
            Refusal("policies: {}\n", "1:11 policies: must not be empty"),
            Refusal("policies: [a]\n", "1:11 policies: expected a mapping of names to policies, found a list"),
            Refusal(
                "policies: { a b: {}, a: deny }\n",
                "1:13 policies.a b: expected a name of 1 to 64 letters, digits, dots, dashes and underscores",
                "1:25 policies.a: expected a mapping with preset, extends, on_violation, unknown_fields, messages, "
                    + "audio, single_utterance, detect_thoughts, end_thought_eagerness, force_complete_time, context, "
                    + "vad, found a plain word"),
            Refusal(
                "policies: { a: {}, a: {} }\n",
                "1:20 policies: the key stands here for a second time, the first is on line 1"),
        ])
    func section(row: Refusal) {
        #expect(Sample.lines(row.text + Sample.minimal) == row.lines)
    }

    @Test("There is a most of policies")
    func most() {
        let policies = { (count: Int) in
            "policies: {\(count == 0 ? "" : (0..<count).map { " p\($0): {}" }.joined(separator: ","))}\n"
        }
        #expect(Sample.lines(policies(PolicyBook.most) + Sample.minimal).isEmpty)
        #expect(
            Sample.lines(policies(PolicyBook.most + 1) + Sample.minimal) == ["1:11 policies: at most 1000 policies"])
    }

    @Test(
        "Words and keys",
        arguments: [
            Refusal("{ presett: noisy }", "1:18 policies.p.presett: unknown key → preset"),
            Refusal("{ min_silence_ms: 3 }", "1:18 policies.p.min_silence_ms: unknown key"),
            Refusal("{ sample_rate: 16000 }", "1:18 policies.p.sample_rate: unknown key"),
            Refusal("{ vad: { context: deny } }", "1:25 policies.p.vad.context: unknown key"),
            Refusal("{ vad: { channels: 1 } }", "1:25 policies.p.vad.channels: unknown key"),
            Refusal("{ vad: { treshold: 1 } }", "1:25 policies.p.vad.treshold: unknown key → threshold"),
            Refusal("{ audio: { rate: 1 } }", "1:27 policies.p.audio.rate: unknown key"),
            Refusal(
                "{ preset: dictaton }",
                "1:26 policies.p.preset: expected one of dictation, noisy, aggressive → dictation"),
            Refusal(
                "{ on_violation: clam }", "1:32 policies.p.on_violation: expected one of clamp, reject, observe → clamp"
            ),
            Refusal(
                "{ unknown_fields: allow }",
                "1:34 policies.p.unknown_fields: expected one of drop, pass, reject"),
            Refusal(
                "{ messages: deny }",
                "1:28 policies.p.messages: expected a mapping with allow, otherwise, found a plain word"),
            Refusal(
                "{ messages: { allow: [eos, start, eos], otherwise: clamp } }",
                "1:43 policies.p.messages.allow[1]: expected one of eos, ai_context, thought_packet",
                "1:50 policies.p.messages.allow[2]: repeats policies.p.messages.allow[0] of line 1",
                "1:67 policies.p.messages.otherwise: expected one of reject, drop"),
            Refusal("{ messages: { allow: [] } }", "1:37 policies.p.messages.allow: must not be empty"),
            Refusal("{ extends: [a] }", "1:27 policies.p.extends: expected a text, found a list"),
        ])
    func words(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "Values of the wrong type",
        arguments: [
            Refusal(
                "{ vad: { debug: yes } }",
                "1:32 policies.p.vad.debug: expected true or false, or one of allow, deny, require → true"),
            Refusal(
                "{ vad: { debug: \"true\" } }",
                "1:32 policies.p.vad.debug: expected true or false, or one of allow, deny, require, found a quoted text"
            ),
            Refusal(
                "{ vad: { debug: [true] } }",
                "1:32 policies.p.vad.debug: expected true or false, or one of allow, deny, require, found a list"),
            Refusal(
                "{ detect_thoughts: dney }",
                "1:35 policies.p.detect_thoughts: expected true or false, or one of allow, deny, require → deny"),
            Refusal(
                "{ vad: { min_silence_ms: 800ms } }",
                "1:41 policies.p.vad.min_silence_ms: expected an integer (milliseconds), or one of allow, deny, "
                    + "require → 800"),
            Refusal(
                "{ vad: { min_silence_ms: { default: 0.8s } } }",
                "1:52 policies.p.vad.min_silence_ms.default: expected an integer (milliseconds) → 800"),
            Refusal(
                "{ vad: { final_silence_s: { max: 0.1s } } }",
                "1:49 policies.p.vad.final_silence_s.max: expected a number (seconds) → 0.1"),
            Refusal(
                "{ vad: { final_silence_s: { max: 100ms } } }",
                "1:49 policies.p.vad.final_silence_s.max: expected a number (seconds) → 0.1"),
            Refusal(
                "{ vad: { threshold: { min: , max: \"1\" } } }",
                "1:43 policies.p.vad.threshold.min: expected a number, found nothing",
                "1:50 policies.p.vad.threshold.max: expected a number, found a quoted text"),
            Refusal(
                "{ end_thought_eagerness: hihg }",
                "1:41 policies.p.end_thought_eagerness: expected one of low, medium, high, allow, deny, require → high"),
            Refusal("{ context: dney }", "1:27 policies.p.context: expected one of allow, deny, require → deny"),
            Refusal(
                "{ context: [a] }",
                "1:27 policies.p.context: expected a string, or one of allow, deny, require, found a list"),
            Refusal(
                "{ context: { max_characters: 0 } }",
                "1:45 policies.p.context.max_characters: expected a whole number from 1 to 1048576"),
        ])
    func types(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "Values that make no sense",
        arguments: [
            Refusal("{ vad: { threshold: 45 } }", "1:36 policies.p.vad.threshold: must be from 0 to 1 → 0.45"),
            Refusal("{ vad: { threshold: { min: -0.1 } } }", "1:43 policies.p.vad.threshold.min: must be from 0 to 1"),
            Refusal(
                "{ vad: { min_words: { max: -1 } } }", "1:43 policies.p.vad.min_words.max: must be 0 or more"),
            Refusal("{ audio: { channels: [1, 0] } }", "1:41 policies.p.audio.channels[1]: must be 1 or more"),
            Refusal("{ vad: { event_hz: 0 } }", "1:35 policies.p.vad.event_hz: must be 1 or more"),
            Refusal(
                "{ vad: { force_decode_ms: { max: 0 } } }",
                "1:49 policies.p.vad.force_decode_ms.max: 0 asks for infinity, so it is no maximum"),
        ])
    func nonsense(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "Limits that contradict one another",
        arguments: [
            Refusal(
                "{ vad: { min_chars: {} } }",
                "1:36 policies.p.vad.min_chars: an empty mapping: give one of "
                    + "min, max, allowed, fixed, rule, default, on_violation"),
            Refusal(
                "{ vad: { min_chars: { min: 1, fixed: 2, max: 3, rule: deny } } }",
                "1:53 policies.p.vad.min_chars.fixed: cannot stand beside min",
                "1:70 policies.p.vad.min_chars.rule: cannot stand beside min"),
            Refusal(
                "{ vad: { debug: { rule: allow, fixed: true } } }",
                "1:54 policies.p.vad.debug.fixed: cannot stand beside rule"),
            Refusal("{ vad: { debug: { min: 1 } } }", "1:34 policies.p.vad.debug.min: unknown key"),
            Refusal("{ vad: { debug: { value: deny } } }", "1:34 policies.p.vad.debug.value: unknown key"),
            Refusal("{ context: { max: 10 } }", "1:29 policies.p.context.max: unknown key"),
            Refusal(
                "{ vad: { amp_extend: [0, 0.0] } }",
                "1:41 policies.p.vad.amp_extend[1]: repeats policies.p.vad.amp_extend[0] of line 1"),
            Refusal(
                "{ vad: { threshold: { min: 0.6, max: 0.5, default: 0.9 } } }",
                "1:53 policies.p.vad.threshold.max: is below the min 0.6 of line 1"),
            Refusal(
                "{ vad: { threshold: { min: 0.6, default: 0.5 } } }",
                "1:57 policies.p.vad.threshold.default: is below the min 0.6 of line 1"),
            Refusal(
                "{ vad: { threshold: { max: 0.6, default: 0.7 } } }",
                "1:57 policies.p.vad.threshold.default: is above the max 0.6 of line 1"),
            Refusal(
                "{ vad: { force_decode_ms: { min: 5, max: 9, default: 0 } } }",
                "1:69 policies.p.vad.force_decode_ms.default: means never, which is above the max 9 of line 1"),
            Refusal(
                "{ end_thought_eagerness: { allowed: [low, medium], default: high } }",
                "1:76 policies.p.end_thought_eagerness.default: is not among the allowed values of line 1"),
            Refusal(
                "{ vad: { min_words: { fixed: 1, default: 1 } } }",
                "1:57 policies.p.vad.min_words.default: is never used beside the fixed value of line 1"),
            Refusal(
                "{ vad: { min_words: { rule: deny, default: 1 } } }",
                "1:59 policies.p.vad.min_words.default: is never sent under the rule deny of line 1"),
            Refusal(
                "{ vad: { events: { rule: deny, default: true } } }",
                "1:56 policies.p.vad.events.default: is never sent under the rule deny of line 1"),
            Refusal(
                "{ vad: { events: { rule: require, default: false } } }",
                "1:59 policies.p.vad.events.default: contradicts the rule require of line 1"),
            Refusal(
                "{ context: { max_characters: 2, max_bytes: 3, default: déj } }",
                "1:71 policies.p.context.default: has more than the max_characters 2 of line 1",
                "1:71 policies.p.context.default: has more than the max_bytes 3 of line 1"),
        ])
    func contradictions(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "What a preset gives must fit the limits",
        arguments: [
            Refusal(
                "{ preset: aggressive, vad: { min_silence_ms: { min: 200 } } }",
                "1:68 policies.p.vad.min_silence_ms.min: the preset aggressive gives 100, which is below the min 200"),
            Refusal(
                "{ preset: noisy, vad: { force_decode_ms: { max: 60000 } } }",
                "1:64 policies.p.vad.force_decode_ms.max: the preset noisy gives 0, which means never, which is above "
                    + "the max 60000"),
            Refusal(
                "{ preset: noisy, audio: { sample_rate: 8000 } }",
                "1:55 policies.p.audio.sample_rate: the preset noisy gives 16000, which is not among the allowed "
                    + "values"),
        ])
    func presets(row: Refusal) {
        #expect(lines(row.text) == row.lines)
    }

    @Test(
        "Hints say where a setting stands and how a limit is written",
        arguments: [
            ("{ min_silence_ms: 3 }", "it stands under vad"), ("{ channels: 1 }", "it stands under audio"),
            ("{ vad: { context: deny } }", "it stands in the policy itself, beside vad"),
            ("{ vad: { channels: 1 } }", "it stands under audio, beside vad"),
            ("{ context: { max: 10 } }", "a text is limited by max_characters and max_bytes"),
            ("{ vad: { debug: { max: 1 } } }", "for true or false there are rule, fixed and default"),
            ("{ vad: { debug: { deny: true } } }", "write rule: deny"),
            ("{ vad: { min_silence_ms: 800ms } }", "write a plain number: it counts milliseconds"),
            (
                "{ preset: aggressive, vad: { min_silence_ms: { min: 200 } } }",
                "give vad.min_silence_ms a default of its own in this policy"
            ),
        ])
    func hints(policy: String, hint: String) {
        #expect(Sample.problems("policies: { p: \(policy) }\n" + Sample.minimal).map(\.hint) == [hint])
    }
}
