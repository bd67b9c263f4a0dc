extension StartValue {
    /// Whether it is the smaller of two numbers of one kind; `false` for all else.
    func isLess(than other: StartValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right
        case (.number(let left), .number(let right)): left < right
        default: false
        }
    }

    /// Whether it is zero.
    var isZero: Bool { self == .integer(0) || self == .number(0) }

    /// The nearest of some numbers of this kind, the lower of two equally near; `nil` when there are none.
    func nearest(among members: [StartValue]) -> StartValue? {
        let ascending = members.sorted { $0.isLess(than: $1) }
        guard var nearest = ascending.first else { return nil }
        for member in ascending.dropFirst() where isNearer(to: member, than: nearest) { nearest = member }
        return nearest
    }

    private func isNearer(to member: StartValue, than other: StartValue) -> Bool {
        switch (self, member, other) {
        case (.integer(let value), .integer(let member), .integer(let other)):
            Self.distance(value, member) < Self.distance(value, other)
        case (.number(let value), .number(let member), .number(let other)):
            // 0.4 is as near to 0.5 as to 0.3, but for the rounding of all three.
            (value - member).magnitude < (value - other).magnitude - 2 * value.ulp
        default: false
        }
    }

    /// May exceed the largest `Int`.
    private static func distance(_ left: Int, _ right: Int) -> UInt {
        UInt(bitPattern: max(left, right) &- min(left, right))
    }
}
