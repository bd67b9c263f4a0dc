/// A value of a column or of a parameter: one of SQLite's five storage classes (sqlite.org/datatype3.html §2).
package enum SQLiteValue: Sendable, Equatable {
    case null
    case integer(Int)
    /// NaN is stored as null: SQLite has none.
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The integer, or `nil` when this is anything else.
    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number, whole or not, or `nil` when this is none.
    package var real: Double? {
        switch self {
        case .real(let value): value
        case .integer(let value): Double(value)
        case .null, .text, .blob: nil
        }
    }

    /// The text, or `nil` when this is anything else.
    package var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    /// The bytes, or `nil` when this is anything else.
    package var blob: [UInt8]? {
        if case .blob(let value) = self { value } else { nil }
    }
}

extension SQLiteValue {
    /// The integer, or null.
    package static func integer(_ value: Int?) -> SQLiteValue { value.map { .integer($0) } ?? .null }
    /// The number, or null.
    package static func real(_ value: Double?) -> SQLiteValue { value.map { .real($0) } ?? .null }
    /// The text, or null.
    package static func text(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
}

extension SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(nilLiteral: ()) { self = .null }
}
