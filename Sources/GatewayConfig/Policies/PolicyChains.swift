import GatewayCore

/// Puts policies on top of those that they extend.
struct PolicyChains {
    private let drafts: [String: PolicyDraft]
    /// Every policy with all that it inherits.
    private(set) var flattened: [String: PolicyDraft] = [:]

    /// Flattens the policies, which are in the order of the file, and reports what cannot be extended.
    init(_ drafts: [PolicyDraft]) {
        self.drafts = Dictionary(drafts.map { ($0.name, $0) }) { first, _ in first }
        for draft in drafts { flatten(draft) }
    }

    /// Goes down to a policy that extends nothing or has been flattened, then up again.
    private mutating func flatten(_ draft: PolicyDraft) {
        var chain: [PolicyDraft] = []
        var next: PolicyDraft? = draft
        while let draft = next, flattened[draft.name] == nil {
            if let start = chain.firstIndex(where: { $0.name == draft.name }) {
                cut(circle: chain[start...])
                break
            }
            chain.append(draft)
            next = base(of: draft)
        }
        for draft in chain.reversed() where flattened[draft.name] == nil {
            var flat = draft.flattened(over: draft.extends.flatMap { flattened[$0.value] })
            if isLost(draft) { flat.isDamaged = true }
            flattened[draft.name] = flat
        }
    }

    private func base(of draft: PolicyDraft) -> PolicyDraft? {
        guard let extends = draft.extends else { return nil }
        if isLost(draft) { extends.place.refuse(unknownPolicy: extends.value, known: drafts.keys) }
        return drafts[extends.value]
    }

    /// Whether it extends what is not there. The built-in default is, and has nothing to inherit.
    private func isLost(_ draft: PolicyDraft) -> Bool {
        guard let name = draft.extends?.value, name != Policy.defaultName else { return false }
        return drafts[name] == nil
    }

    /// Reports a circle where the file begins it; its policies stay as they are written.
    private mutating func cut(circle: ArraySlice<PolicyDraft>) {
        for var draft in circle {
            draft.isDamaged = true
            flattened[draft.name] = draft
        }
        guard let first = circle.min(by: { $0.place.node.start < $1.place.node.start }),
            let start = circle.firstIndex(where: { $0.name == first.name })
        else { return }
        let names = (circle[start...] + circle[..<start] + [first]).map(\.name)
        first.extends?.place.refuse(ValueError("goes in a circle: \(names.joined(separator: " → "))"))
    }
}

extension ConfigValue {
    /// Reports the name of a policy that there is not.
    func refuse(unknownPolicy name: String, known: some Sequence<String>) {
        let known = known.sorted()
        let isPreset = PolicyPreset(rawValue: name) != nil
        let hint =
            isPreset
            ? "\(name) is a preset: write preset: \(name)"
            : known.isEmpty ? "policies are defined under policies" : nil
        refuse(
            ValueError(
                "there is no such policy",
                suggestion: isPreset ? nil : Suggestion.nearest(to: name, among: known), hint: hint))
    }
}
