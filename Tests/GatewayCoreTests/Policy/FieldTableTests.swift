import GatewayCore
import Testing

@Suite("Every field under every constraint and mode")
struct FieldTableTests {
    @Test("what is sent, what is told, what is refused", arguments: StartField.allCases, OnViolation.allCases)
    func table(field: StartField, mode: OnViolation) throws {
        for row in FieldTable.rows(of: field) {
            let policy = Policy(name: "p", limits: [field: row.limit], onViolation: mode)
            for cell in row.cells { check(cell, of: field, policy, mode, "\(cell) \(row.limit.constraint)") }
        }
    }

    @Test("a field's own mode is the policy's mode for it", arguments: StartField.allCases, OnViolation.allCases)
    func ownMode(field: StartField, mode: OnViolation) throws {
        for row in FieldTable.rows(of: field) {
            let limit = FieldLimit(row.limit.constraint, fallback: row.limit.fallback, onViolation: mode)
            for other in OnViolation.allCases {
                let policy = Policy(name: "p", limits: [field: limit], onViolation: other)
                for cell in row.cells { check(cell, of: field, policy, mode, "\(cell) \(row.limit.constraint)") }
            }
        }
    }

    @Test("nothing is missing in the table", arguments: StartField.allCases)
    func complete(field: StartField) {
        let rows = FieldTable.rows(of: field)
        let places = Set(rows.flatMap(\.cells).map(\.place))
        let isNumber = field.meaningfulRange != nil
        for place in FieldCell.Place.allCases {
            switch place {
            case .absent, .inside, .outside, .wrongType, .absurd: #expect(places.contains(place))
            case .atMin, .below: #expect(places.contains(place) == isNumber)
            case .atMax, .above: #expect(places.contains(place) == (isNumber || field == .context))
            }
        }
        for cell in rows.flatMap(\.cells) where cell.place == .absent { #expect(cell.asked == nil) }
    }

    private func check(
        _ cell: FieldCell, of field: StartField, _ policy: Policy, _ mode: OnViolation, _ comment: Comment
    ) {
        let expected = Expectation(cell, mode)
        switch Result(catching: { try PolicySample(policy, Self.members(field, cell.asked)) }) {
        case .failure(let error):
            #expect(expected.isWrongType, comment)
            #expect((error as? ClientMessageError)?.ending == .policyStartRefused, comment)
            let message = (error as? ClientMessageError)?.message ?? ""
            #expect(message.hasPrefix("\(field.rawValue) must be ") && message.utf8.count <= 120, comment)
        case .success(let sample):
            #expect(!expected.isWrongType, comment)
            #expect(sample.sent == expected.sent(field), comment)
            let told = sample.decision.fields.first { $0.subject == .field(field) }
            #expect(told?.reason == expected.reason, comment)
            #expect(told?.effect == expected.effect, comment)
            #expect(told?.asked?.text == cell.written, comment)
            #expect(sample.decision.fields.count == (told == nil ? 0 : 1), comment)
        }
    }

    fileprivate static func members(_ field: StartField, _ value: String?) -> String {
        guard let value else { return "" }
        return field.isInVAD ? "\"vad\":{\"\(field.name)\":\(value)}" : "\"\(field.name)\":\(value)"
    }
}

/// What a cell's outcome means in a mode.
private struct Expectation {
    var isWrongType = false
    var isRefused = false
    var value: String?
    var reason: FieldDecision.Reason?
    var effect: FieldDecision.Effect?

    init(_ cell: FieldCell, _ mode: OnViolation) {
        switch (cell.outcome, mode) {
        case (.wrongType, _): isWrongType = true
        case (.kept(let text), _): (value, effect) = (text, text == nil ? nil : .kept)
        case (.bent(_, let why), .observe), (.filled(_, let why), .observe), (.refused(let why), .observe):
            (value, reason, effect) = (cell.written, why, .observed)
        case (.bent(let text, let why), .clamp): (value, reason, effect) = (text, why, .adjusted)
        case (.filled(let text, let why), _): (value, reason, effect) = (text, why, .adjusted)
        case (.bent(_, let why), .reject), (.refused(let why), _): (isRefused, reason, effect) = (true, why, .refused)
        }
    }

    /// The whole message upstream; `nil` when nothing goes there.
    func sent(_ field: StartField) -> String? {
        if isRefused { return nil }
        guard let value else { return #"{"type":"start"}"# }
        let member = "\"\(field.name)\":\(value)"
        if field.isInVAD { return "{\"type\":\"start\",\"vad\":{\(member)}}" }
        return field.name < "type" ? "{\(member),\"type\":\"start\"}" : "{\"type\":\"start\",\(member)}"
    }
}
