import Logging

/// A line for people.
enum TextLine {
    static func bytes(_ line: LogLine) -> [UInt8] {
        let level = line.level.rawValue
        var text = "\(UTCTime.text(line.time)) \(level)"
        text += String(repeating: " ", count: max(1, 9 - level.utf8.count))
        text += LogText.visible(line.message)
        for (name, value) in line.fields {
            text += " \(quotedIfNeeded(name))=\(quotedIfNeeded("\(value)"))"
        }
        return Array(text.utf8) + [UInt8(ascii: "\n")]
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let visible = LogText.visible(text)
        let isPlain = visible.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "=" && $0 != "\"" }
        guard !isPlain || visible.isEmpty else { return visible }
        return "\"\(visible.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))\""
    }
}
