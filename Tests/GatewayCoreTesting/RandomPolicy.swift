package import GatewayCore

/// Policies that a configuration could hold, drawn at random.
package enum RandomPolicy {
    /// Every value that a limit is made of; the edges of what makes sense and of the types are among them.
    private static let integers = [0, 1, 2, 9, 200, 2000, 8000, 16_000, 60_000, .max - 1, .max]
    private static let numbers = [0, .leastNonzeroMagnitude, 0.3, 0.45, 1, 10, .greatestFiniteMagnitude]
    private static let texts = ["", "legal", "e\u{301}", "\u{E9}", "zwei Wörter"]

    /// A policy whose limits, defaults and fixed values agree with one another.
    package static func make(using random: inout some RandomNumberGenerator) -> Policy {
        var policy = Policy(
            name: "random", unknownFields: pick(UnknownFields.allCases, &random),
            onViolation: pick(OnViolation.allCases, &random))
        for field in StartField.allCases where Bool.random(using: &random) {
            var limit = limit(of: field, &random)
            if oneIn(4, &random) { limit.onViolation = pick(OnViolation.allCases, &random) }
            policy.limits[field] = limit
        }
        return policy
    }

    private static func limit(of field: StartField, _ random: inout some RandomNumberGenerator) -> FieldLimit {
        let values = values(of: field)
        let value = pick(values, &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return FieldLimit(.fixed(value))
        case 1: return allowed(values, &random)
        case 2: return FieldLimit(.denied)
        case 3: return FieldLimit(.required, fallback: field.kind != .boolean && oneIn(2, &random) ? value : nil)
        case 4 where field == .context: return text(values, &random)
        case 4 where field.meaningfulRange != nil: return range(field, values, &random)
        default: return FieldLimit(fallback: oneIn(2, &random) ? value : nil)
        }
    }

    /// In ascending order where they are numbers.
    private static func values(of field: StartField) -> [StartValue] {
        let range = field.meaningfulRange ?? 0...0
        switch field.kind {
        case .integer: return integers.filter { range.contains(Double($0)) }.map { .integer($0) }
        case .number: return numbers.filter { range.contains($0) }.map { .number($0) }
        case .boolean: return [.boolean(false), .boolean(true)]
        case .string: return texts.map { .string($0) }
        case .choice(let choices): return choices.map { .string($0) }
        }
    }

    private static func allowed(
        _ values: [StartValue], _ random: inout some RandomNumberGenerator
    ) -> FieldLimit {
        let members = values.shuffled(using: &random).prefix(Int.random(in: 1...values.count, using: &random))
        return FieldLimit(.allowed(Array(members)), fallback: oneIn(2, &random) ? members.first : nil)
    }

    private static func range(
        _ field: StartField, _ values: [StartValue], _ random: inout some RandomNumberGenerator
    ) -> FieldLimit {
        // As a limit, an infinity of 0 is nonsense.
        let finite = field == .forceDecode ? values.filter { $0 != .integer(0) } : values
        let low = Int.random(in: finite.indices, using: &random)
        let high = Int.random(in: low..<finite.count, using: &random)
        let min = oneIn(4, &random) ? nil : finite[low]
        let max = oneIn(4, &random) ? nil : finite[high]
        let inside = pick(Array(finite[low...high]), &random)
        return FieldLimit(.range(min: min, max: max), fallback: oneIn(2, &random) ? inside : nil)
    }

    private static func text(_ values: [StartValue], _ random: inout some RandomNumberGenerator) -> FieldLimit {
        let characters = oneIn(3, &random) ? nil : Int.random(in: 0...20, using: &random)
        let bytes = oneIn(3, &random) ? nil : Int.random(in: 0...20, using: &random)
        return FieldLimit(
            .text(maxCharacters: characters, maxBytes: bytes), fallback: oneIn(4, &random) ? .string("") : nil)
    }

    static func pick<Element>(_ elements: [Element], _ random: inout some RandomNumberGenerator) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    /// `true` once in so many times.
    static func oneIn(_ count: Int, _ random: inout some RandomNumberGenerator) -> Bool {
        Int.random(in: 0..<count, using: &random) == 0
    }
}
