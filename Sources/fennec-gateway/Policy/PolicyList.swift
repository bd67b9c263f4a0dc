import GatewayConfig
import GatewayCore

/// The policies of a configuration and where they are used.
struct PolicyList {
    /// One policy.
    private struct Entry {
        let policy: Policy
        /// `nil` for what is built in: the default and the presets.
        let origin: PolicyOrigin?
        /// The rules under which it applies unless the client asks for another.
        let appliesTo: [String]
        /// The rules under which a client may ask for it.
        let offeredBy: [String]
    }

    private let entries: [Entry]

    /// In the order of the file; what is built in comes last, if a rule uses it.
    init(_ config: LoadedConfig) {
        let access = config.settings.access
        let defined = config.policies.map(\.name)
        let names = defined + Set(access.flatMap(\.policies)).subtracting(defined).sorted()
        entries = names.compactMap { name in
            config.settings.policies[name].map { policy in
                Entry(
                    policy: policy, origin: config.policies.first { $0.name == name },
                    appliesTo: access.filter { $0.policies.first == name }.map(\.name),
                    offeredBy: access.filter { $0.policies.dropFirst().contains(name) }.map(\.name))
            }
        }
    }

    /// For people.
    var text: String {
        let heading = ["policy", "on violation", "extends", "preset", "limits", "fills in", "rules"]
        return "\(TextTable(heading: heading, rows: entries.map(Self.row)))"
    }

    private static func row(_ entry: Entry) -> [String] {
        [
            entry.policy.name, entry.policy.onViolation.rawValue,
            entry.origin.map { $0.extends ?? "-" } ?? "(built in)", entry.origin?.preset?.rawValue ?? "-",
            String(entry.policy.limitedCount), String(entry.policy.filledCount),
            entry.appliesTo.isEmpty && entry.offeredBy.isEmpty
                ? "none" : (entry.appliesTo + entry.offeredBy.map { "(\($0))" }).joined(separator: ", "),
        ]
    }

    /// For programs: `{"policies":[{"policy":…,"on_violation":…,"unknown_fields":…,"line":…,"extends":…,"preset":…,
    /// "applies_to":[…],"offered_by":[…]},…]}`; what is built in has no `line`.
    var json: JSONValue { ["policies": .array(entries.map(Self.json))] }

    private static func json(_ entry: Entry) -> JSONValue {
        var object: JSONObject = [
            "policy": .string(entry.policy.name), "on_violation": .string(entry.policy.onViolation.rawValue),
            "unknown_fields": .string(entry.policy.unknownFields.rawValue),
            "applies_to": .array(entry.appliesTo.map { .string($0) }),
            "offered_by": .array(entry.offeredBy.map { .string($0) }),
        ]
        object["line"] = entry.origin.map { .number(JSONNumber($0.line)) }
        object["extends"] = entry.origin?.extends.map { .string($0) }
        object["preset"] = (entry.origin?.preset?.rawValue).map { .string($0) }
        return .object(object)
    }
}
