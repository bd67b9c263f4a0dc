extension FieldRule {
    /// Judges a value that fits the field's kind.
    func judge(_ value: StartValue) -> Judgement {
        let judgement = judgeAlone(value)
        // Another rate or number of channels than the client sends is never the nearest.
        if field.isAudioFormat, case .misfit(let reason, _) = judgement { return .misfit(reason, nearest: nil) }
        return judgement
    }

    private func judgeAlone(_ value: StartValue) -> Judgement {
        switch constraint {
        case .fixed(let fixed): value == fixed ? .fits : .misfit(.fixed, nearest: fixed)
        case .allowed(let members): members.contains(value) ? .fits : .misfit(.denied, nearest: member(for: value))
        case .denied: judgeDenied(value)
        case .required where value == .boolean(false): .misfit(.fixed, nearest: .boolean(true))
        case .text(let characters, let bytes): judge(text: value, maxCharacters: characters, maxBytes: bytes)
        case .free, .required, .range: bounds?.judge(value) ?? .fits
        }
    }

    private func judgeDenied(_ value: StartValue) -> Judgement {
        switch value {
        case .boolean(false): .fits
        case .boolean(true): .misfit(.denied, nearest: .boolean(false))
        default: .misfit(.denied, nearest: nil)
        }
    }

    /// What stands for a value that is not among the allowed ones.
    private func member(for value: StartValue) -> StartValue? {
        if let fallback { return fallback }
        guard field.isNumeric, case .allowed(let members) = constraint else { return nil }
        guard field.zeroIsInfinite else { return value.nearest(among: members) }
        let finite = members.filter { !$0.isZero }
        let nearest = value.isZero ? finite.max { $0.isLess(than: $1) } : value.nearest(among: finite)
        return nearest ?? members.first
    }

    private func judge(text value: StartValue, maxCharacters: Int?, maxBytes: Int?) -> Judgement {
        guard case .string(let text) = value else { return .fits }
        let cut = text.prefix(maxCharacters: maxCharacters ?? .max, maxBytes: maxBytes ?? .max)
        return cut.endIndex == text.endIndex ? .fits : .misfit(.max, nearest: .string(String(cut)))
    }
}

extension String {
    /// The longest beginning within both limits, in Unicode scalars and in bytes of UTF-8, that ends between two
    /// grapheme clusters.
    fileprivate func prefix(maxCharacters: Int, maxBytes: Int) -> Substring {
        guard utf8.count > maxBytes || unicodeScalars.count > maxCharacters else { return self[...] }
        var characters = 0
        var bytes = 0
        return prefix { cluster in
            characters += cluster.unicodeScalars.count
            bytes += cluster.utf8.count
            return characters <= maxCharacters && bytes <= maxBytes
        }
    }
}
