/// A file's text by lines, for excerpts.
struct SourceText: Sendable {
    /// The lines without their breaks: LF, CR, CRLF, NEL, LS and PS end one, as in libyaml's marks. Never empty.
    let lines: [[Unicode.Scalar]]

    /// Decodes UTF-8; what is none becomes U+FFFD.
    init(bytes: some Collection<UInt8>) {
        var lines: [[Unicode.Scalar]] = [[]]
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            default: lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        self.lines = lines
    }

    /// The line of a mark, what `hidden` covers shown as `***`; `nil` when the file has no such line or when the line
    /// is too long to have been written by a person.
    func excerpt(at mark: SourceMark, hiding hidden: [Range<Int>]) -> ConfigProblem.Excerpt? {
        guard lines.indices.contains(mark.line - 1), lines[mark.line - 1].count <= 2000 else { return nil }
        var shown: [Unicode.Scalar] = []
        var caret: Int?
        var wasHidden = false
        for (index, scalar) in lines[mark.line - 1].enumerated() {
            let isHidden = hidden.contains { $0.contains(index + 1) }
            if index + 1 == mark.column { caret = shown.count - (isHidden && wasHidden ? 3 : 0) }
            if !isHidden {
                shown.append(scalar.isControl ? " " : scalar)
            } else if !wasHidden {
                shown += "***".unicodeScalars
            }
            wasHidden = isHidden
        }
        return Self.window(shown, caret: caret ?? shown.count)
    }

    private static func window(_ line: [Unicode.Scalar], caret: Int) -> ConfigProblem.Excerpt {
        let (width, lead) = (110, 70)
        guard line.count > width else { return excerpt(line[...], caret: caret) }
        let start = caret > lead ? min(caret - lead, line.count - width) : 0
        return excerpt(line[start..<start + width], caret: caret - start)
    }

    private static func excerpt(_ line: ArraySlice<Unicode.Scalar>, caret: Int) -> ConfigProblem.Excerpt {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: line)
        return ConfigProblem.Excerpt(text: String(text), caret: caret)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal might take it for more than a character: controls, and what turns the direction of text.
    var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
