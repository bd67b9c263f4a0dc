/// From where to where a number may be: what a policy says, within what makes sense to the vendor.
struct NumberBounds {
    /// The least, included.
    let min: StartValue
    /// The most, included; `nil` when there is none.
    let max: StartValue?
    /// Whether 0 asks for infinity, which is above every maximum and below no minimum.
    let zeroIsInfinite: Bool

    /// The tighter of the given bounds and those of what makes sense; `nil` when the field takes no numbers.
    init?(_ field: StartField, min given: StartValue? = nil, max most: StartValue? = nil) {
        guard let range = field.meaningfulRange else { return nil }
        let least = field.value(range.lowerBound)
        let top = range.upperBound.isFinite ? field.value(range.upperBound) : nil
        min = if let given, least.isLess(than: given) { given } else { least }
        max = if let most, let top { top.isLess(than: most) ? top : most } else { most ?? top }
        zeroIsInfinite = field.zeroIsInfinite
    }

    /// Whether 0 is allowed and means infinity.
    var allowsInfinity: Bool { zeroIsInfinite && max == nil }

    /// The least number that is allowed and does not ask for infinity.
    var leastFinite: StartValue { zeroIsInfinite && min.isZero ? .integer(1) : min }

    func judge(_ value: StartValue) -> FieldRule.Judgement {
        if zeroIsInfinite, value.isZero { return infinity }
        if value.isLess(than: min) {
            // Below a minimum of 0 counts as 0, and that may be infinity.
            if zeroIsInfinite, min.isZero, case .misfit = infinity { return infinity }
            return .misfit(.min, nearest: min)
        }
        if let max, max.isLess(than: value) { return .misfit(.max, nearest: max) }
        return .fits
    }

    private var infinity: FieldRule.Judgement {
        if let max { .misfit(.max, nearest: max) } else { .fits }
    }
}
