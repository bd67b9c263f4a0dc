/// Refuses what YAML can express and a configuration must not: aliases, anchors, tags, keys that repeat or are no
/// scalars, directives, a second document.
struct StructureCheck {
    private let findings: Findings

    /// Whatever stands at this path or below may hold a secret.
    private static let secretPath = "upstream.api_key"

    /// Reports everything in the document.
    static func check(_ document: YAMLDocument, findings: Findings) {
        if let mark = document.directives {
            findings.report(ConfigProblem(mark: mark, message: "directives are not supported"))
        }
        if let mark = document.second {
            findings.report(ConfigProblem(mark: mark, message: "a second document begins here; only one is read"))
        }
        guard let root = document.root else { return }
        StructureCheck(findings: findings).check(ConfigValue(node: root, path: "", findings: findings))
    }

    private func check(_ value: ConfigValue) {
        var value = value
        value.isSecret = value.isSecret || value.path == Self.secretPath
        let node = value.node
        if node.hasAnchor { refuse(value, "anchors are not supported") }
        if node.hasTag { refuse(value, "tags are not supported") }
        switch node.kind {
        case .alias: refuse(value, "aliases are not supported")
        case .scalar: break
        case .sequence(let items):
            for (index, item) in items.enumerated() { check(value.child(item, "\(value.path)[\(index)]")) }
        case .mapping(let entries): check(entries, of: value)
        }
    }

    private func check(_ entries: [YAMLNode.Entry], of value: ConfigValue) {
        var first: [String: SourceMark] = [:]
        for entry in entries {
            check(key: entry.key, of: value)
            guard let key = entry.key.text else {
                findings.hide(entry.value)
                continue
            }
            if let earlier = first[key] {
                findings.hide(entry.value)
                value.child(entry.key, value.path).refuse(
                    ValueError("the key stands here for a second time, the first is on line \(earlier.line)"))
            } else {
                first[key] = entry.key.start
            }
            check(value.child(entry.value, value.isSecret ? value.path : value.path(of: ConfigProblem.printable(key))))
        }
    }

    private func check(key: YAMLNode, of value: ConfigValue) {
        let child = value.child(key, value.path)
        if key.hasAnchor { refuse(child, "anchors are not supported") }
        if key.hasTag { refuse(child, "tags are not supported") }
        switch key.kind {
        case .scalar: break
        case .alias: refuse(child, "aliases are not supported")
        case .sequence, .mapping: refuse(child, "a key must be a plain or quoted word")
        }
    }

    private func refuse(_ value: ConfigValue, _ message: String) {
        if value.isSecret { findings.hide(value.node) }
        findings.report(ConfigProblem(mark: value.node.start, path: value.path, message: message))
    }
}
