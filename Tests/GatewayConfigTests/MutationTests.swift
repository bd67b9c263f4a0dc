import GatewayCore
import Testing

@testable import GatewayConfig

@Suite("Damaged files")
struct MutationTests {
    /// SplitMix64: small, seeded, the same everywhere.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let original = Array(
        """
        listeners:
          - { name: public, address: "127.0.0.1:8080", hosts: [a.example], tls: { certificate: /there/c, key: /there/k } }
        admin: { address: "unix:/run/x" }
        upstream:
          token_url: https://a.example/t
          stream_url: wss://a.example/s
          api_key: { file: /there/key }
        access:
          - name: web
            match: { origin: ["https://app.example.com", 'null'], address: [private, 8.0.0.0/8] }
          - { name: local, match: { address: loopback }, policy: base, policies: [kiosk] }
        policies:
          base: { on_violation: reject, audio: { sample_rate: [16000, 8000] }, messages: { allow: [eos], otherwise: drop } }
          kiosk:
            extends: base
            preset: noisy
            context: { max_characters: 5, default: "abc" }
            end_thought_eagerness: [low, medium]
            vad: { threshold: { min: 0.3, max: 0.7, default: 0.5 }, min_silence_ms: { min: 200 }, debug: false, events: deny }
        sessions: { max: 10, idle_timeout: 5m, early_audio: { seconds: 3, bytes: 1MiB }, missing_ready: proceed }
        log: { level: debug, format: json }

        """.utf8)

    private static let snippets = [
        "&a ", "*a", "!!str ", "---\n", "{", "}", "[", "]", ": ", "- ", "\"", "'", "|\n", ">\n", "\t", "\n", "#", "? ",
        "%YAML 9.9\n", "\u{FEFF}", "\u{0}", "é", "\u{202E}", "\u{2028}", "<<: *a\n", "99999999999999999999", "~",
        "kiosk", "base", "preset: aggressive\n", "extends: kiosk, ", "min: 1, ", "max: 0, ", "default: -1",
        "fixed: 0.5",
        "rule: require", "-", ".", "0", "9", "deny",
    ].map { Array($0.utf8) }

    private func mutate(_ bytes: inout [UInt8], with generator: inout Generator) {
        guard !bytes.isEmpty else { return }
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 0...20, using: &generator), bytes.count - at)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(at..<at + length)
        case 2:
            bytes.insert(contentsOf: bytes[at..<at + length], at: Int.random(in: 0...bytes.count, using: &generator))
        case 3: bytes.insert(contentsOf: Self.snippets.randomElement(using: &generator) ?? [], at: at)
        default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &generator))
        }
    }

    @Test("The original is valid")
    func originalIsValid() throws {
        #expect(throws: Never.self) { try ConfigLoader.read(Self.original, path: "x", files: Sample.files) }
    }

    @Test("Damage is either harmless or reported in order, never a crash", arguments: 1...8)
    func damage(seed: UInt64) {
        var generator = Generator(state: seed)
        for _ in 0..<250 {
            var bytes = Self.original
            for _ in 0..<Int.random(in: 1...6, using: &generator) { mutate(&bytes, with: &generator) }
            do {
                let config = try ConfigLoader.read(bytes, path: "x", files: Sample.files)
                #expect(config.settings.policies.values.allSatisfy(isSound))
                #expect(config.warnings.allSatisfy { $0.mark != nil && $0.excerpt != nil })
            } catch {
                #expect(!error.problems.isEmpty)
                let marks = error.problems.compactMap(\.mark)
                #expect(marks == marks.sorted())
                #expect(marks.count == error.problems.count)
                #expect(error.description.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isControl })
            }
        }
    }

    /// Whether every value fits its setting, every range holds one, and every default fits the limit.
    private func isSound(_ policy: Policy) -> Bool {
        policy.limits.allSatisfy { field, limit in
            if case .range(let min?, let max?) = limit.constraint,
                !policy.rule(for: field).allows(max) || !policy.rule(for: field).allows(min)
            {
                return false
            }
            let values: [StartValue] =
                switch limit.constraint {
                case .range(let min, let max): [min, max].compactMap(\.self)
                case .fixed(let value): [value]
                case .allowed(let members): members
                case .free, .denied, .required, .text: []
                }
            return (values + [limit.fallback].compactMap(\.self)).allSatisfy { value in
                value.fits(field.kind)
                    && value.asDouble.map { field.meaningfulRange?.contains($0) ?? false } ?? true
            } && limit.fallback.map(policy.rule(for: field).allows) ?? true
        }
    }
}
