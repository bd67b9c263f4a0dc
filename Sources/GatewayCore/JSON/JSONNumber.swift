/// A JSON number (RFC 8259 §6) that keeps its text, so that nothing is rounded before it is looked at. Two are equal
/// when their texts are.
package struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// As it was written; always of JSON's grammar.
    package let text: String

    /// Only for text that has been checked against the grammar.
    init(checked text: String) {
        self.text = text
    }

    /// Reads a number; `nil` when the text is not exactly one.
    package init?(_ text: some StringProtocol) {
        guard case .number(let number) = try? JSONValue(parsing: text.utf8), number.text.utf8.count == text.utf8.count
        else { return nil }
        self = number
    }

    /// An integer without fraction or exponent.
    package init(_ integer: Int) {
        text = String(integer)
    }

    /// The shortest text that reads back as the same value, integers up to 2^53 without a fraction (as JavaScript
    /// writes them); `nil` when the value is not finite.
    package init?(_ double: Double) {
        guard double.isFinite else { return nil }
        if double == double.rounded(.towardZero), double.magnitude <= 9_007_199_254_740_992 {
            text = String(Int(double))
        } else {
            text = double.description
        }
    }

    /// The text, unchanged.
    package var description: String { text }

    /// The value when it is an integer of 64 bits, however it is written (`400`, `400.0`, `4e2`, `-0`); `nil`
    /// otherwise.
    package var asInteger: Int? { DecimalText(text).integer }

    /// The nearest double; `nil` when it would be infinite.
    package var asDouble: Double? {
        guard let double = Double(text), double.isFinite else { return nil }
        return double
    }
}

/// A number's text taken apart: `±digits × 10^exponent`, neither leading nor trailing zeros among the digits.
private struct DecimalText {
    private let isNegative: Bool
    private var digits: ArraySlice<UInt8>
    private var exponent: Int

    init(_ text: String) {
        var rest = Array(text.utf8)[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        exponent = Self.saturated(rest.dropFirst(mantissa.count + 1))
        let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
        let fraction = mantissa.dropFirst(whole.count + 1)
        digits = whole + fraction
        exponent -= fraction.count
        digits = digits.drop { $0 == UInt8(ascii: "0") }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
    }

    /// An exponent's value, cut off far beyond what the digits of any message could balance.
    private static func saturated(_ text: ArraySlice<UInt8>) -> Int {
        let limit = 1 << 40
        var value = 0
        for byte in text where byte >= UInt8(ascii: "0") {
            value = min(limit, value * 10 + Int(byte - UInt8(ascii: "0")))
        }
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    var integer: Int? {
        guard !digits.isEmpty else { return 0 }
        guard exponent >= 0, digits.count + exponent <= 19 else { return nil }
        var value = 0
        for place in 0..<(digits.count + exponent) {
            let digit = place < digits.count ? Int(digits[digits.startIndex + place] - UInt8(ascii: "0")) : 0
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            // Downwards for negative numbers: Int.min has no positive counterpart.
            let (sum, carry) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
