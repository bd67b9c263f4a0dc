import Glibc
import NIOCore

/// The files of one connection, `NNNN` being its number: `NNNN-start.json` (the start message, byte for byte),
/// `NNNN.pcm` (the audio, in order) and `NNNN.jsonl` (what happened, with milliseconds since the handshake; tokens and
/// other credentials left out). They are complete once the connection has ended.
///
/// Writing is buffered and done on the event loop: the stand-in serves tests, and its order is its worth.
final class SessionFiles {
    private static let secretHeaders: Set<String> = ["authorization", "cookie", "x-api-key"]

    private let stem: String
    private let opened = NIODeadline.now()
    private var events: UnsafeMutablePointer<FILE>?
    private var audio: UnsafeMutablePointer<FILE>?

    /// Files of earlier runs with the same number are replaced.
    init(directory: String, number: Int) {
        let digits = String(number)
        stem = directory + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        events = fopen(stem + ".jsonl", "we")
        audio = fopen(stem + ".pcm", "we")
    }

    deinit { close() }

    /// The handshake.
    func request(target: String, headers: [(name: String, value: String)]) {
        let fields = headers.map { field -> JSONValue in
            let isSecret = Self.secretHeaders.contains(field.name.lowercased())
            return [.string(field.name), .string(isSecret ? "(redacted)" : field.value)]
        }
        event("request", ["target": .string(Self.redacted(target)), "headers": .array(fields)])
    }

    /// A text message, byte for byte.
    func text(_ text: ByteBuffer) { event("text", ["text": .string(String(buffer: text))]) }

    /// The start message, byte for byte.
    func start(_ message: ByteBuffer) {
        guard let file = fopen(stem + "-start.json", "we") else { return }
        Self.write(message, to: file)
        fclose(file)
    }

    /// A binary message.
    func audio(_ message: ByteBuffer) {
        if let audio { Self.write(message, to: audio) }
        event("audio", ["bytes": .number(message.readableBytes)])
    }

    /// A message sent.
    func sent(_ message: JSONValue) { event("sent", ["message": message]) }

    /// The end; nothing is written afterwards.
    func ended(_ ending: SessionEnding) {
        event("end", ending.members)
        close()
    }

    private func event(_ name: String, _ details: JSONValue) {
        guard let events, case .object(let members) = details else { return }
        let elapsed = Double((NIODeadline.now() - opened).nanoseconds) / 1_000_000
        let line = JSONValue.object(
            [JSONMember("ms", .number(elapsed)), JSONMember("event", .string(name))] + members)
        fputs(line.text + "\n", events)
    }

    private func close() {
        if let events { fclose(events) }
        if let audio { fclose(audio) }
        events = nil
        audio = nil
    }

    private static func write(_ bytes: ByteBuffer, to file: UnsafeMutablePointer<FILE>) {
        _ = bytes.withUnsafeReadableBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    }

    private static func redacted(_ target: String) -> String {
        guard let mark = target.firstIndex(of: "?") else { return target }
        let items = target[target.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let names = items.map { item -> Substring in
            let isSecret = item.hasPrefix("streaming_token=") || item.hasPrefix("api_key=")
            return isSecret ? item.prefix { $0 != "=" } + "=(redacted)" : item
        }
        return target[...mark] + names.joined(separator: "&")
    }
}

extension SessionEnding {
    /// As members of an event.
    fileprivate var members: JSONValue {
        switch self {
        case .closed(let code, let reason): Self.members("server", code, reason)
        case .closedByClient(let code, let reason): Self.members("client", code, reason)
        case .lost: ["by": "lost"]
        case .violated(let code): Self.members("violation", code, "")
        }
    }

    private static func members(_ side: String, _ code: UInt16?, _ reason: String) -> JSONValue {
        ["by": .string(side), "code": code.map { .number(Int($0)) } ?? .null, "reason": .string(reason)]
    }
}
