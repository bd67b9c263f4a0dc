import GatewayCore

/// Every field under every constraint that it can have. The switch has no default: a new field needs its rows.
enum FieldTable {
    static func rows(of field: StartField) -> [FieldRow] {
        switch field {
        case .sampleRate: audio(min: 8000, max: 48000, silence: 16000)
        case .channels: audio(min: 1, max: 2, silence: 1)
        case .singleUtterance, .detectThoughts, .debug, .events: booleans
        case .endThoughtEagerness: choices(["low", "medium", "high"])
        case .context: texts
        case .threshold: numbers(min: 0.3, max: 0.8, least: 0, most: 1)
        case .finalSilence: numbers(min: 0.1, max: 2.5, least: 0, most: nil)
        case .forceCompleteTime: numbers(min: 0.5, max: 10, least: 0, most: nil)
        case .minSilence: integers(min: 200, max: 2000, least: 0)
        case .speechPad: integers(min: 100, max: 500, least: 0)
        case .startTrigger: integers(min: 20, max: 300, least: 0)
        case .minVoiced: integers(min: 48, max: 250, least: 0)
        case .minChars, .minWords: integers(min: 2, max: 9, least: 0)
        case .ampExtend: integers(min: 100, max: 1200, least: 0)
        case .eventRate: integers(min: 5, max: 50, least: 1)
        case .forceDecode: integers(min: 1000, max: 60000, least: 0, zeroIsInfinite: true)
        }
    }

    /// What stands in a message of 64 KiB.
    static let manyDigits = String(repeating: "9", count: 65_000)
    private static let manyZeros = String(repeating: "0", count: 65_000)

    private static let noNumbers = [#""5""#, #""""#, "true", "false", "null", "[]", "[5]", "{}", #"{"a":5}"#]
    private static let noIntegers = ["0.5", "200.5", "1e-400", "9223372036854775808", "1e999", "-1e999", manyDigits]

    /// Spellings of an integer, and integers at the ends of their type.
    private static func integers(
        min: Int, max: Int, least: Int, zeroIsInfinite: Bool = false
    ) -> [FieldRow] {
        let inside = min + 1
        let zero = zeroIsInfinite ? FieldCell.Outcome.bent("\(max)", .max) : .bent("\(min)", .min)
        let wrong = FieldCell.wrongType(noNumbers) + FieldCell.wrongType(noIntegers, .absurd)
        let spellings = ["\(inside)", "\(inside).0", "\(inside)e0", "\(inside)00E-2", "\(inside).\(manyZeros)"]
        let range: [FieldCell] =
            spellings.map { .kept(.inside, $0, written: "\(inside)") } + [
                FieldCell(.absent, nil, .filled("\(inside)", .default)),
                .kept(.atMin, "\(min)"), .kept(.atMax, "\(max)"),
                FieldCell(.below, "\(min - 1)", .bent("\(min)", .min)),
                FieldCell(.above, "\(max + 1)", .bent("\(max)", .max)),
                FieldCell(.absurd, "0", zero), FieldCell(.absurd, "-0", written: "0", zero),
                FieldCell(.absurd, "0e999", written: "0", zero), FieldCell(.absurd, "-1", .bent("\(min)", .min)),
                FieldCell(.absurd, "-9223372036854775808", .bent("\(min)", .min)),
                FieldCell(.absurd, "9223372036854775807", .bent("\(max)", .max)),
            ]
        let free: [FieldCell] = [
            .kept(.absent, nil), .kept(.inside, "\(inside)"), .kept(.atMin, "\(least)"),
            FieldCell(.below, "\(least - 1)", .bent("\(least)", .min)),
            .kept(.absurd, "9223372036854775807"),
        ]
        return [
            FieldRow(
                limit: FieldLimit(.range(min: .integer(min), max: .integer(max)), fallback: .integer(inside)),
                cells: range + wrong),
            FieldRow(limit: FieldLimit(), cells: free + wrong),
        ] + exact("\(min)", .integer(min), other: "\(max)", wrong) + sets(.integer(min), .integer(max), wrong)
    }

    private static func numbers(min: Double, max: Double, least: Double, most: Double?) -> [FieldRow] {
        let inside = (min + max) / 2
        let wrong =
            FieldCell.wrongType(noNumbers) + FieldCell.wrongType(["1e999", "-1e999", manyDigits], .absurd)
        let low = FieldCell.Outcome.bent("\(min)", .min)
        let high = FieldCell.Outcome.bent(text(max), .max)
        let range: [FieldCell] = [
            FieldCell(.absent, nil, .filled(text(inside), .default)),
            .kept(.inside, text(inside)), .kept(.inside, "\(inside)e0", written: text(inside)),
            .kept(.inside, "\(inside)\(manyZeros)", written: text(inside)),
            .kept(.atMin, text(min)), .kept(.atMax, text(max)),
            FieldCell(.below, "\(min.nextDown)", low), FieldCell(.above, "\(max.nextUp)", high),
            FieldCell(.absurd, "-0", written: "0", low), FieldCell(.absurd, "1e-400", written: "0", low),
            FieldCell(.absurd, "-1e-400", written: "0", low), FieldCell(.absurd, "-1e308", written: "-1e+308", low),
            FieldCell(.absurd, "9223372036854775808", written: "9.223372036854776e+18", high),
            FieldCell(.absurd, "1e308", written: "1e+308", high),
        ]
        let free: [FieldCell] = [
            .kept(.absent, nil), .kept(.inside, text(inside)), .kept(.atMin, text(least)),
            FieldCell(.below, "-5e-324", .bent(text(least), .min)),
            most.map { FieldCell(.above, "1.0000000000000002", .bent(text($0), .max)) }
                ?? .kept(.absurd, "1e308", written: "1e+308"),
        ]
        return [
            FieldRow(
                limit: FieldLimit(.range(min: .number(min), max: .number(max)), fallback: .number(inside)),
                cells: range + wrong),
            FieldRow(limit: FieldLimit(), cells: free + wrong),
        ] + exact(text(min), .number(min), other: text(max), wrong) + sets(.number(min), .number(max), wrong)
    }

    /// The audio format: what is not allowed is refused, and silence says what the vendor documents.
    private static func audio(min: Int, max: Int, silence: Int) -> [FieldRow] {
        let wrong = FieldCell.wrongType(noNumbers) + FieldCell.wrongType(noIntegers, .absurd)
        let range: [FieldCell] = [
            .kept(.absent, nil), .kept(.inside, "\(silence).0", written: "\(silence)"), .kept(.atMin, "\(min)"),
            .kept(.atMax, "\(max)"), FieldCell(.below, "\(min - 1)", .refused(.min)),
            FieldCell(.above, "\(max + 1)", .refused(.max)), FieldCell(.absurd, "-0", written: "0", .refused(.min)),
            FieldCell(.absurd, "-9223372036854775808", .refused(.min)),
            FieldCell(.absurd, "9223372036854775807", .refused(.max)),
        ]
        let without: [FieldCell] = [
            FieldCell(.absent, nil, .refused(.denied)), .kept(.inside, "3"),
            FieldCell(.outside, "\(silence)", .refused(.denied)),
        ]
        return [
            FieldRow(limit: FieldLimit(.range(min: .integer(min), max: .integer(max))), cells: range + wrong),
            FieldRow(limit: FieldLimit(.allowed([.integer(3)])), cells: without + wrong),
            FieldRow(
                limit: FieldLimit(.fixed(.integer(3))),
                cells: [
                    FieldCell(.absent, nil, .filled("3", .fixed)), .kept(.inside, "3"),
                    FieldCell(.outside, "\(silence)", .refused(.fixed)),
                ]),
            FieldRow(
                limit: FieldLimit(.denied),
                cells: [.kept(.absent, nil), FieldCell(.outside, "\(silence)", .refused(.denied))]),
            FieldRow(
                limit: FieldLimit(.required),
                cells: [FieldCell(.absent, nil, .refused(.fixed)), .kept(.inside, "\(silence)")]),
        ]
    }

    private static let booleans: [FieldRow] = {
        let wrong =
            FieldCell.wrongType(["0", "1", #""true""#, "null", "[true]", "{}"])
            + FieldCell.wrongType(["1e999", "-0", "1.0", manyDigits, #""""#], .absurd)
        return [
            FieldRow(
                limit: FieldLimit(), cells: [.kept(.absent, nil), .kept(.inside, "true"), .kept(.inside, "false")]),
            FieldRow(
                limit: FieldLimit(.denied),
                cells: [
                    .kept(.absent, nil), .kept(.inside, "false"),
                    FieldCell(.outside, "true", .bent("false", .denied)),
                ] + wrong),
            FieldRow(
                limit: FieldLimit(.required),
                cells: [
                    FieldCell(.absent, nil, .filled("true", .fixed)), .kept(.inside, "true"),
                    FieldCell(.outside, "false", .bent("true", .fixed)),
                ] + wrong),
            FieldRow(
                limit: FieldLimit(.allowed([.boolean(false)])),
                cells: [.kept(.absent, nil), FieldCell(.outside, "true", .bent(nil, .denied))] + wrong),
        ] + exact("false", .boolean(false), other: "true", wrong)
    }()

    private static func choices(_ names: [String]) -> [FieldRow] {
        let wrong =
            FieldCell.wrongType(["0", "true", "null", #"["low"]"#, #""fast""#, #""Low""#, #""low ""#])
            + FieldCell.wrongType(["1e999", manyDigits, "\"\(manyDigits)\"", #""""#, #""lo\u0077\u0301""#], .absurd)
        let (first, last) = ("\"\(names[0])\"", "\"\(names[2])\"")
        return [
            FieldRow(
                limit: FieldLimit(), cells: [.kept(.absent, nil)] + names.map { .kept(.inside, "\"\($0)\"") } + wrong),
            FieldRow(
                limit: FieldLimit(.allowed([.string(names[0]), .string(names[1])]), fallback: .string(names[0])),
                cells: [
                    FieldCell(.absent, nil, .filled(first, .default)), .kept(.inside, #""lo\u0077""#, written: first),
                    FieldCell(.outside, last, .bent(first, .denied)),
                ] + wrong),
            FieldRow(
                limit: FieldLimit(.allowed([.string(names[0])])),
                cells: [.kept(.absent, nil), FieldCell(.outside, last, .bent(nil, .denied))]),
        ] + exact(first, .string(names[0]), other: last, wrong)
    }

    private static let texts: [FieldRow] = {
        let wrong =
            FieldCell.wrongType(["5", "true", "null", #"["a"]"#, #"{"a":"b"}"#])
            + FieldCell.wrongType(["1e999", "-0", manyDigits], .absurd)
        return [
            FieldRow(
                limit: FieldLimit(.text(maxCharacters: 5, maxBytes: 8)),
                cells: [
                    .kept(.absent, nil), .kept(.inside, #""abc""#), .kept(.absurd, #""""#),
                    .kept(.atMax, #""abcde""#), .kept(.atMax, #""éééé""#),
                    FieldCell(.above, #""abcdef""#, .bent(#""abcde""#, .max)),
                    FieldCell(.above, #""éééée""#, .bent(#""éééé""#, .max)),
                    FieldCell(.absurd, "\"\(manyDigits)\"", .bent(#""99999""#, .max)),
                    FieldCell(
                        .absurd, #""a\ud83d\udc4d\ud83c\udffd""#, written: "\"a\u{1F44D}\u{1F3FD}\"",
                        .bent(#""a""#, .max)),
                ] + wrong),
            FieldRow(
                limit: FieldLimit(.allowed([.string("legal")])),
                cells: [
                    .kept(.absent, nil), .kept(.inside, #""legal""#),
                    FieldCell(.outside, #""Legal""#, .bent(nil, .denied)),
                ]),
            FieldRow(limit: FieldLimit(), cells: [.kept(.absent, nil), .kept(.inside, "\"\(manyDigits)\"")] + wrong),
        ] + exact(#""a""#, .string("a"), other: #""b""#, wrong)
    }()

    /// One value alone; and what may not, or must, be there, where it is no flag.
    private static func exact(
        _ text: String, _ value: StartValue, other: String, _ wrong: [FieldCell]
    ) -> [FieldRow] {
        let fixed: [FieldCell] = [
            FieldCell(.absent, nil, .filled(text, .fixed)), .kept(.inside, text),
            FieldCell(.outside, other, .bent(text, .fixed)),
        ]
        let row = FieldRow(limit: FieldLimit(.fixed(value)), cells: fixed + wrong)
        if case .boolean = value { return [row] }
        let denied: [FieldCell] = [.kept(.absent, nil), FieldCell(.outside, text, .bent(nil, .denied))]
        let missing: [FieldCell] = [FieldCell(.absent, nil, .refused(.fixed)), .kept(.inside, text)]
        let replaced: [FieldCell] = [FieldCell(.absent, nil, .filled(text, .default)), .kept(.inside, other)]
        return [
            row, FieldRow(limit: FieldLimit(.denied), cells: denied + wrong),
            FieldRow(limit: FieldLimit(.required), cells: missing + wrong),
            FieldRow(limit: FieldLimit(.required, fallback: value), cells: replaced + wrong),
        ]
    }

    /// Two numbers, of which the nearer stands for others.
    private static func sets(_ low: StartValue, _ high: StartValue, _ wrong: [FieldCell]) -> [FieldRow] {
        let (least, most) = (low.json.text, high.json.text)
        let cells: [FieldCell] = [
            .kept(.absent, nil), .kept(.inside, least), .kept(.inside, most),
            FieldCell(.outside, "-1", .bent(least, .denied)), FieldCell(.outside, "100000", .bent(most, .denied)),
        ]
        let replaced: [FieldCell] = [FieldCell(.outside, "100000", .bent(least, .denied))]
        return [
            FieldRow(limit: FieldLimit(.allowed([high, low])), cells: cells + wrong),
            FieldRow(limit: FieldLimit(.allowed([low, high]), fallback: low), cells: replaced),
        ]
    }

    /// As the gateway writes a number: without a fraction where there is none.
    private static func text(_ number: Double) -> String { StartValue.number(number).json.text }
}
