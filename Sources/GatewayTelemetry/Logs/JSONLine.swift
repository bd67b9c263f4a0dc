import GatewayCore
import Logging

/// A line for machines: one JSON object, time, level and message first, then the fields.
enum JSONLine {
    private static let ownNames: Set<String> = ["time", "level", "message"]

    static func bytes(_ line: LogLine) -> [UInt8] {
        var members: [(String, [UInt8])] = [
            ("time", text(UTCTime.text(line.time))), ("level", text(line.level.rawValue)),
            ("message", text(line.message)),
        ]
        var names = ownNames
        for (name, value) in line.fields {
            // An object with a name twice would mean different things to different readers.
            var name = name
            while !names.insert(name).inserted { name += "_" }
            members.append((name, json(value)))
        }
        return object(members) + [UInt8(ascii: "\n")]
    }

    private static func object(_ members: [(name: String, value: [UInt8])]) -> [UInt8] {
        let parts = members.map { name, value in text(name) + [UInt8(ascii: ":")] + value }
        return Array("{".utf8) + parts.joined(separator: ",".utf8) + Array("}".utf8)
    }

    private static func json(_ value: Logger.MetadataValue) -> [UInt8] {
        switch value {
        case .string(let string): text(string)
        case .stringConvertible(let value): scalar(value).encoded
        case .array(let elements):
            Array("[".utf8) + elements.map(json).joined(separator: ",".utf8) + Array("]".utf8)
        case .dictionary(let members):
            object(members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
        }
    }

    private static func text(_ string: String) -> [UInt8] {
        JSONValue.string(cut(string)).encoded
    }

    private static func scalar(_ value: any CustomStringConvertible) -> JSONValue {
        switch value {
        case let value as UsageValue: value.json
        case let value as Bool: .bool(value)
        case let value as any BinaryInteger: JSONNumber("\(value)").map(JSONValue.number) ?? .null
        case let value as Double: JSONNumber(value).map(JSONValue.number) ?? .null
        default: .string(cut(value.description))
        }
    }

    private static func cut(_ text: String) -> String {
        guard text.unicodeScalars.count > LogText.longest else { return text }
        return String(text.unicodeScalars.prefix(LogText.longest)) + "…"
    }
}
