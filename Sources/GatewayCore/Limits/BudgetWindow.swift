/// The day or the month in which audio is counted, in UTC.
package struct BudgetWindow: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case day, month
    }

    package let kind: Kind
    /// Days since 1970, or months since the year 0.
    package let number: Int

    package init(kind: Kind, number: Int) {
        self.kind = kind
        self.number = number
    }

    /// The window that a moment lies in.
    /// - Parameter time: Milliseconds since 1970.
    package init(_ kind: Kind, at time: Int) {
        let day = Int((Double(time) / 86_400_000).rounded(.down))
        self.kind = kind
        switch kind {
        case .day: number = day
        case .month: number = Self.month(of: day)
        }
    }

    /// When it ends, in milliseconds since 1970.
    package var end: Int {
        switch kind {
        case .day: (number + 1) * 86_400_000
        case .month: Self.firstDay(of: number + 1) * 86_400_000
        }
    }

    /// When it ends, as RFC 3339 writes it: always at midnight.
    package var endText: String {
        let day = end / 86_400_000
        let month = Self.month(of: day)
        let parts = [month % 12 + 1, day - Self.firstDay(of: month) + 1].map { $0 < 10 ? "-0\($0)" : "-\($0)" }
        return "\(month / 12)\(parts.joined())T00:00:00Z"
    }

    /// Months since the year 0 of a day, by the Gregorian calendar: years that begin in March end with the leap day.
    private static func month(of day: Int) -> Int {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        return (era * 400 + year) * 12 + (5 * dayOfYear + 2) / 153 + 2
    }

    private static func firstDay(of month: Int) -> Int {
        let shifted = month - 2
        let year = shifted >= 0 ? shifted / 12 : (shifted - 11) / 12
        let era = year >= 0 ? year / 400 : (year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (shifted - year * 12) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
