import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Reading policies")
struct PolicyReadingTests {
    private func read(_ policies: String) throws -> [String: Policy] {
        let indented = policies.split(separator: "\n").map { "  \($0)\n" }.joined()
        return try Sample.read("policies:\n" + indented + Sample.minimal).policies
    }

    private func limits(_ policy: String) throws -> [StartField: FieldLimit]? {
        try read("p: \(policy)")["p"]?.limits
    }

    @Test("Every key of a policy arrives")
    func everything() throws {
        let policies = try read(
            """
            p:
              on_violation: reject
              unknown_fields: pass
              audio: { sample_rate: [16000, 8000], channels: 1 }
              single_utterance: { rule: require, on_violation: reject }
              detect_thoughts: deny
              end_thought_eagerness: { allowed: [low, "medium"], default: low }
              force_complete_time: { min: 0.5, max: 10 }
              context: { max_characters: 500, max_bytes: 2000, default: "names, mostly" }
              messages: { allow: [ai_context], otherwise: drop }
              vad:
                threshold: { min: 0.3, max: 0.8, default: 0.45 }
                min_silence_ms: { min: 200, max: 2000, default: 800, on_violation: observe }
                speech_pad_ms: [100, 2e2]
                final_silence_s: 0
                start_trigger_ms: { max: 36.0 }
                min_voiced_ms: require
                min_chars: allow
                min_words: { rule: allow, default: 1 }
                amp_extend: { fixed: 0 }
                force_decode_ms: { allowed: 0 }
                debug: false
                events: { default: true }
                event_hz: { min: 1 }
            """)
        let expected: [StartField: FieldLimit] = [
            .sampleRate: FieldLimit(.allowed([.integer(16_000), .integer(8000)])),
            .channels: FieldLimit(.allowed([.integer(1)])),
            .singleUtterance: FieldLimit(.required, onViolation: .reject),
            .detectThoughts: FieldLimit(.denied),
            .endThoughtEagerness: FieldLimit(.allowed([.string("low"), .string("medium")]), fallback: .string("low")),
            .forceCompleteTime: FieldLimit(.range(min: .number(0.5), max: .number(10))),
            .context: FieldLimit(.text(maxCharacters: 500, maxBytes: 2000), fallback: .string("names, mostly")),
            .threshold: FieldLimit(.range(min: .number(0.3), max: .number(0.8)), fallback: .number(0.45)),
            .minSilence: FieldLimit(
                .range(min: .integer(200), max: .integer(2000)), fallback: .integer(800), onViolation: .observe),
            .speechPad: FieldLimit(.allowed([.integer(100), .integer(200)])),
            .finalSilence: FieldLimit(.fixed(.number(0))),
            .startTrigger: FieldLimit(.range(min: nil, max: .integer(36))),
            .minVoiced: FieldLimit(.required), .minWords: FieldLimit(fallback: .integer(1)),
            .ampExtend: FieldLimit(.fixed(.integer(0))), .forceDecode: FieldLimit(.allowed([.integer(0)])),
            .debug: FieldLimit(.fixed(.boolean(false))), .events: FieldLimit(fallback: .boolean(true)),
            .eventRate: FieldLimit(.range(min: .integer(1), max: nil)),
        ]
        #expect(policies["p"]?.limits == expected)
        #expect(policies["p"]?.onViolation == .reject && policies["p"]?.unknownFields == .pass)
        #expect(policies["p"]?.messages == MessageLimits(allowed: [.aiContext], otherwise: .drop))
    }

    @Test("What is not said is as without a policy")
    func defaults() throws {
        #expect(try read("p: {}") == ["p": Policy(name: "p"), "default": Policy(name: "default")])
    }

    @Test("A file may define default itself")
    func definesDefault() throws {
        #expect(
            try read("default: { context: deny }") == [
                "default": Policy(name: "default", limits: [.context: FieldLimit(.denied)])
            ])
    }

    @Test("A fixed text is written as one")
    func fixedText() throws {
        #expect(try limits("{ context: { fixed: deny } }") == [.context: FieldLimit(.fixed(.string("deny")))])
    }

    @Test("Every setting can be limited, each in its place", arguments: StartField.allCases)
    func everySetting(field: StartField) throws {
        let words = field.isInVAD ? ("{ vad: { ", " } }") : field.isAudioFormat ? ("{ audio: { ", " } }") : ("{ ", " }")
        #expect(try limits(words.0 + field.name + ": deny" + words.1) == [field: FieldLimit(.denied)])
        #expect(try limits(words.0 + field.name + ": \"require\"" + words.1) == [field: FieldLimit(.required)])
        #expect(try limits(words.0 + field.name + ": allow" + words.1)?.isEmpty == true)
    }

    @Test("A preset's values are defaults", arguments: PolicyPreset.allCases)
    func presets(preset: PolicyPreset) throws {
        #expect(try limits("{ preset: \(preset.rawValue) }") == preset.defaults.mapValues { FieldLimit(fallback: $0) })
    }

    @Test("What a policy says stands over its preset, and that over what it extends")
    func layers() throws {
        let policies = try read(
            """
            base: { vad: { min_silence_ms: { min: 50, max: 900, default: 300 }, threshold: { min: 0.2, default: 0.3 } } }
            p: { extends: base, preset: noisy, vad: { threshold: { max: 0.7, default: 0.6 } } }
            """)
        let limits = policies["p"]?.limits
        #expect(
            limits?[.minSilence] == FieldLimit(.range(min: .integer(50), max: .integer(900)), fallback: .integer(400)))
        #expect(
            limits?[.threshold] == FieldLimit(.range(min: .number(0.2), max: .number(0.7)), fallback: .number(0.6)))
        #expect(limits?[.minVoiced] == FieldLimit(fallback: .integer(250)))
    }
}

extension PolicyReadingTests {
    @Test(
        "A limit of another kind replaces an inherited one; parts of the same kind join",
        arguments: [
            ("{ min: 1, max: 5 }", "{ max: 4 }", FieldLimit(.range(min: .integer(1), max: .integer(4)))),
            ("{ min: 1, max: 5 }", "[2, 3]", FieldLimit(.allowed([.integer(2), .integer(3)]))),
            ("[2, 3]", "{ max: 9 }", FieldLimit(.range(min: nil, max: .integer(9)))),
            (
                "{ min: 1, default: 2 }", "{ default: 3 }",
                FieldLimit(.range(min: .integer(1), max: nil), fallback: .integer(3))
            ),
            ("{ min: 1, default: 2 }", "allow", FieldLimit(fallback: .integer(2))),
            ("{ min: 1, default: 2 }", "7", FieldLimit(.fixed(.integer(7)))),
            ("{ min: 1, default: 2 }", "deny", FieldLimit(.denied)),
            ("{ min: 1, default: 2 }", "require", FieldLimit(.required, fallback: .integer(2))),
            ("7", "{ default: 3, rule: allow }", FieldLimit(fallback: .integer(3))),
            ("{ max: 5, on_violation: reject }", "7", FieldLimit(.fixed(.integer(7)), onViolation: .reject)),
            (
                "{ max: 5, on_violation: reject }", "{ on_violation: clamp }",
                FieldLimit(.range(min: nil, max: .integer(5)), onViolation: .clamp)
            ),
        ] as [(String, String, FieldLimit)])
    func merging(base: String, own: String, limit: FieldLimit) throws {
        let policies = try read("a: { vad: { min_words: \(base) } }\nb: { extends: a, vad: { min_words: \(own) } }")
        #expect(policies["b"]?.limits == [.minWords: limit])
    }

    @Test(
        "Rules of true or false leave an inherited default alone only if it fits",
        arguments: [
            ("{ default: false }", "deny", FieldLimit(.denied, fallback: .boolean(false))),
            ("{ default: true }", "deny", FieldLimit(.denied)),
            ("{ default: true }", "require", FieldLimit(.required)),
            ("{ default: false }", "require", FieldLimit(.required)),
            ("{ default: false }", "true", FieldLimit(.fixed(.boolean(true)))),
        ] as [(String, String, FieldLimit)])
    func flags(base: String, own: String, limit: FieldLimit) throws {
        let policies = try read("a: { vad: { debug: \(base) } }\nb: { extends: a, vad: { debug: \(own) } }")
        #expect(policies["b"]?.limits == [.debug: limit])
    }

    @Test("A chain of any length is flattened, from whichever end the file begins", arguments: [true, false])
    func longChain(isReversed: Bool) throws {
        let count = PolicyBook.most - 1
        let links = (0..<count).map { "p\($0): { extends: p\($0 + 1), vad: { min_words: { max: \($0 + 1) } } }" }
        let lines = links + ["p\(count): { preset: dictation, messages: { allow: [eos], otherwise: drop } }"]
        let policies = try read((isReversed ? lines.reversed() : lines).joined(separator: "\n"))
        #expect(
            policies["p1"]?.limits[.minWords]
                == FieldLimit(.range(min: nil, max: .integer(2)), fallback: .integer(1)))
        #expect(policies["p1"]?.limits[.threshold] == FieldLimit(fallback: .number(0.45)))
        #expect(policies["p1"]?.messages == MessageLimits(allowed: [.eos], otherwise: .drop))
    }

    @Test("A dictation page and kiosks, as operators would begin")
    func outline() throws {
        let text = """
            access:
              - { name: web,     match: { origin: ["https://app.example.com"] }, policy: dictation }
              - { name: kiosks,  match: { device: "kiosk-*" },                    policy: noisy }
            policies:
              dictation:
                audio: { sample_rate: [16000], channels: [1] }
                detect_thoughts: deny
                messages: { allow: [eos], otherwise: reject }
                on_violation: clamp
                vad:
                  threshold:      { min: 0.3, max: 0.8, default: 0.45 }
                  min_silence_ms: { min: 200, max: 2000, default: 800 }
                  force_decode_ms: { min: 1000, max: 60000, default: 60000 }
                  debug: false

            """
        let settings = try Sample.read(text + Sample.listeners + Sample.upstream)
        #expect(settings.access.map(\.policies) == [["dictation"], ["noisy"]])
        #expect(
            settings.policies["dictation"]
                == Policy(
                    name: "dictation",
                    limits: [
                        .sampleRate: FieldLimit(.allowed([.integer(16_000)])),
                        .channels: FieldLimit(.allowed([.integer(1)])), .detectThoughts: FieldLimit(.denied),
                        .threshold: FieldLimit(.range(min: .number(0.3), max: .number(0.8)), fallback: .number(0.45)),
                        .minSilence: FieldLimit(
                            .range(min: .integer(200), max: .integer(2000)), fallback: .integer(800)),
                        .forceDecode: FieldLimit(
                            .range(min: .integer(1000), max: .integer(60_000)), fallback: .integer(60_000)),
                        .debug: FieldLimit(.fixed(.boolean(false))),
                    ], messages: MessageLimits(allowed: [.eos])))
        #expect(settings.policies["noisy"]?.limits.count == PolicyPreset.noisy.defaults.count)
    }

    @Test("Where each policy comes from is told in the order of the file")
    func origins() throws {
        let text = "policies:\n  z: { preset: noisy }\n  a: { extends: z }\n"
        #expect(
            try Sample.load(text + Sample.minimal).policies == [
                PolicyOrigin(name: "z", line: 2, preset: .noisy, extends: nil),
                PolicyOrigin(name: "a", line: 3, preset: nil, extends: "z"),
            ])
    }

    @Test("Rules have the policy that applies first, then those that may be asked for")
    func rules() throws {
        let text = """
            access:
              - { name: a, match: { origin: "https://a" }, policy: p, policies: [default, q] }
              - { name: b, match: { origin: "https://b" }, policies: q }
              - { name: c, match: { origin: "https://c" } }
            policies: { p: { context: deny }, q: { context: deny } }

            """
        let settings = try Sample.read(text + Sample.listeners + Sample.upstream)
        #expect(settings.access.map(\.policies) == [["p", "default", "q"], ["default", "q"], ["default"]])
        #expect(settings.policies.keys.sorted() == ["default", "p", "q"])
    }
}
