import GatewayCore

/// What a client asks of one field, and what a limit makes of it.
struct FieldCell: CustomStringConvertible {
    /// Where the asked value stands.
    enum Place: String, CaseIterable {
        case absent, inside, atMin, atMax, below, above, outside, wrongType, absurd
    }

    /// What comes of it when the policy clamps. Values as they stand in the message that goes upstream.
    enum Outcome {
        /// It stays; `nil` for silence.
        case kept(String?)
        /// Something else is sent; `nil` when it is left out.
        case bent(String?, FieldDecision.Reason)
        /// Silence is filled in.
        case filled(String, FieldDecision.Reason)
        /// It is refused, because nothing else can stand for it.
        case refused(FieldDecision.Reason)
        /// Refused before any policy is asked, whatever its mode.
        case wrongType
    }

    let place: Place
    /// JSON text; `nil` for silence.
    let asked: String?
    /// The same as it goes upstream when it is let through.
    let written: String?
    let outcome: Outcome

    init(_ place: Place, _ asked: String?, written: String? = nil, _ outcome: Outcome) {
        self.place = place
        self.asked = asked
        self.written = written ?? asked
        self.outcome = outcome
    }

    static func kept(_ place: Place, _ asked: String?, written: String? = nil) -> FieldCell {
        FieldCell(place, asked, written: written, .kept(written ?? asked))
    }

    static func wrongType(_ asked: [String], _ place: Place = .wrongType) -> [FieldCell] {
        asked.map { FieldCell(place, $0, .wrongType) }
    }

    var description: String { "\(place) \(asked?.prefix(40) ?? "silence")" }
}

/// A limit, and what it makes of everything that can be asked.
struct FieldRow {
    let limit: FieldLimit
    let cells: [FieldCell]
}
