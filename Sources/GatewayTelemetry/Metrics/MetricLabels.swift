/// Labels of one series, rendered once.
struct MetricLabels: Sendable, Equatable {
    /// `name="value",…`, without braces.
    let text: String

    static let none = MetricLabels([])

    init(_ labels: [(name: String, value: String)]) {
        text = labels.map { name, value in
            precondition(Self.isName(name), "not a label name: \(name)")
            return "\(name)=\"\(Self.escaped(value))\""
        }.joined(separator: ",")
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`, and not of those that Prometheus keeps to itself.
    static func isName(_ name: String) -> Bool {
        !name.hasPrefix("__") && isIdentifier(name, alsoAllowed: [])
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`
    static func isMetricName(_ name: String) -> Bool {
        isIdentifier(name, alsoAllowed: [UInt8(ascii: ":")])
    }

    private static func isIdentifier(_ name: String, alsoAllowed: Set<UInt8>) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
                || alsoAllowed.contains(byte)
        }
    }

    /// Prometheus text format 0.0.4, "Comments, help text, and type information" and label values.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
