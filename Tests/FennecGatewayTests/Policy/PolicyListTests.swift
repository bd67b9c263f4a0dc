import GatewayConfig
import GatewayCore
import Testing

@testable import fennec_gateway

@Suite("Policies as people and programs see them")
struct PolicyListTests {
    private func load(_ rest: String) throws -> LoadedConfig {
        let text = """
            listeners: [{ name: public, address: "127.0.0.1:8080" }]
            upstream: { api_key: { credential: fennec-api-key } }

            """
        return try ConfigLoader.read(text: text + rest, path: "test.yaml")
    }

    private let rest = """
        access:
          - { name: web, match: { origin: "https://a.example" }, policy: strict, policies: [loose] }
          - { name: local, match: { address: loopback } }
        policies:
          loose: { preset: noisy, unknown_fields: pass }
          strict: { extends: loose, on_violation: reject, context: deny, messages: { allow: [eos] } }

        """

    @Test("The list is in the order of the file, and tells which rule uses which policy")
    func list() throws {
        #expect(
            PolicyList(try load(rest)).text == """
                policy   on violation  extends     preset  limits  fills in  rules
                loose    clamp         -           noisy   0       12        (web)
                strict   reject        loose       -       1       12        web
                default  clamp         (built in)  -       0       0         local

                """)
    }

    @Test("A preset that a rule names as its policy is listed as built in")
    func builtInPreset() throws {
        let text = rest.replacing("loopback }", with: "loopback }, policy: dictation")
        let lines = PolicyList(try load(text)).text.split(separator: "\n")
        #expect(
            lines.last?.split(separator: " ").map(String.init)
                == ["dictation", "clamp", "(built", "in)", "-", "0", "11", "local"])
    }

    @Test("The built-in default is listed only where a rule uses it")
    func builtInDefault() throws {
        let text = rest.replacing("loopback }", with: "loopback }, policy: loose")
        #expect(!PolicyList(try load(text)).text.contains("default"))
    }

    @Test("For programs")
    func json() throws {
        #expect(
            PolicyList(try load(rest)).json == [
                "policies": [
                    [
                        "policy": "loose", "on_violation": "clamp", "unknown_fields": "pass", "line": 7,
                        "preset": "noisy", "applies_to": [], "offered_by": ["web"],
                    ],
                    [
                        "policy": "strict", "on_violation": "reject", "unknown_fields": "pass", "line": 8,
                        "extends": "loose", "applies_to": ["web"], "offered_by": [],
                    ],
                    [
                        "policy": "default", "on_violation": "clamp", "unknown_fields": "drop",
                        "applies_to": ["local"], "offered_by": [],
                    ],
                ]
            ])
    }

    @Test("The summary of a configuration has its rules' policies and its policies")
    func summary() throws {
        let lines = ConfigSummary(try load(rest)).description.split(separator: "\n").map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("  rule ") || $0.hasPrefix("  policy ") } == [
                "  rule web         origin https://a.example: policy strict (on request loose)",
                "  rule local       no origin, from loopback: policy default",
                "  policy loose     clamp; limits 0 settings, fills in 12; unknown fields: pass; "
                    + "messages: eos, ai_context, thought_packet",
                "  policy strict    reject; limits 1 settings, fills in 12; unknown fields: pass; messages: eos",
            ])
    }

    @Test("A policy is shown with everything that it inherits")
    func show() throws {
        let policy = try #require(try load(rest).settings.policies["strict"])
        let lines = PolicyText(policy).description.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(
            lines.prefix(7) == [
                "policy strict", "on violation reject", "unknown fields pass", "messages eos; others: reject", "",
                "field must be when silent on violation", "sample_rate at least 1 (hertz) 16000 reject",
            ])
        #expect(lines.contains("context left out - reject"))
        #expect(lines.contains("vad.threshold from 0 to 1 0.65 reject"))
        #expect(lines.count == 6 + StartField.allCases.count + 1)
    }

    @Test("What silence comes to under observe and require")
    func silence() {
        let policy = Policy(
            name: "p",
            limits: [
                .minWords: FieldLimit(fallback: .integer(2)), .minChars: FieldLimit(.required),
                .context: FieldLimit(.required, onViolation: .clamp),
            ], onViolation: .observe)
        let rows = PolicyText(policy).description.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(rows.contains(["vad.min_words", "at", "least", "0", "(words)", "2", "(observed)", "observe"]))
        #expect(rows.contains { $0.first == "vad.min_chars" && $0.suffix(3) == ["refused", "(observed)", "observe"] })
        #expect(rows.contains { $0.first == "context" && $0.suffix(2) == ["refused", "clamp"] })
    }
}
