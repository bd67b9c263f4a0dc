import GatewayCore

/// Looks for contradictions in a policy that has been flattened, and for what is doubtful. Reports only what has to do
/// with something that this policy itself says: the rest was reported with the policy that says it.
struct PolicyCheck {
    private let policy: PolicyDraft

    init(_ policy: PolicyDraft) {
        self.policy = policy
    }

    /// Reports everything.
    func run() {
        if !policy.isDamaged {
            for field in StartField.allCases {
                guard let draft = policy.fields[field], !draft.isDamaged else { continue }
                FieldCheck(field: field, draft: draft, policy: policy.name).run()
            }
        }
        warn()
    }

    private func warn() {
        if let mode = policy.onViolation, mode.value == .observe, isSaidHere(mode) {
            mode.place.warn(
                "nothing is limited: what would change is only counted and logged",
                hint: "clamp or reject puts the policy into force")
        }
        if let unknown = policy.unknownFields, unknown.value == .pass, isSaidHere(unknown) {
            unknown.place.warn(
                "whatever a client adds to its start message reaches the service", hint: "drop leaves it out")
        }
        guard !policy.isDamaged else { return }
        warnOfSilence()
        if limitsNothing {
            policy.place.warn(
                "limits nothing but unknown fields", hint: "a policy without limits is the built-in default")
        }
    }

    /// A client that does not say what it sends is taken to send what the service documents.
    private func warnOfSilence() {
        let silence = policy.policy.decide(StartMessage())
        for field in StartField.allCases where field.isAudioFormat {
            guard silence.fields.contains(where: { $0.subject == .field(field) && $0.effect == .refused }),
                case .allowed(let allowed)? = policy.fields[field]?.limit, isSaidHere(allowed)
            else { continue }
            allowed.place.warn(
                "refuses clients that do not say what they send, which stands for 16000 and one channel",
                hint: "give \(field.rawValue) a default if they send what is allowed")
        }
    }

    private var limitsNothing: Bool {
        let resolved = policy.policy
        return resolved.limits.values.allSatisfy { $0.constraint == .free && $0.fallback == nil }
            && resolved.messages.allowed.count == MessageLimits.Kind.allCases.count
            && resolved.unknownFields != .reject
    }

    private func isSaidHere<Value>(_ written: Written<Value>) -> Bool { written.policy == policy.name }
}
