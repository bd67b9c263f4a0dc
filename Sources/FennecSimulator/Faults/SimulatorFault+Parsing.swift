import GatewayWire

/// Why a fault's spelling is not understood, with the spellings that are.
package struct SimulatorFaultError: Error, Sendable, Equatable, CustomStringConvertible {
    package var problem: String

    package var description: String {
        "\(problem); known faults, each with an optional ,count=N:\n"
            + SimulatorFault.spellings.map { "  " + $0 }.joined(separator: "\n")
    }
}

extension SimulatorFault {
    /// Every fault, as it is spelt.
    package static let spellings = [
        "mint:status=CODE[,retry-after=SECONDS]", "mint:hang", "mint:hang-up", "mint:garbage", "mint:not-json",
        "mint:empty-token", "mint:no-token",
        "upgrade:status=CODE", "upgrade:hang", "upgrade:hang-up", "upgrade:redirect",
        "open:close-after=AUDIO_BYTES[,code=CODE|none][,reason=TEXT]", "open:abort-after=AUDIO_BYTES",
        "open:never-ready", "open:silence", "open:error-message=TEXT", "open:slow-reader=BYTES_PER_SECOND",
    ]

    /// Reads `stage:name[=value][,option=value…]`, such as `mint:status=500,count=3`. Texts can't contain commas.
    package init(parsing text: String) throws(SimulatorFaultError) {
        var options = FaultOptions(text)
        let kind = try Self.kind(&options)
        let count = try options.integer("count", 1...Int.max)
        try options.finish()
        self.init(kind, count: count)
    }

    private static func kind(_ options: inout FaultOptions) throws(SimulatorFaultError) -> Kind {
        switch options.name {
        case "mint:status":
            .mintStatus(
                try options.status(), retryAfter: try options.integer("retry-after", 0...Int.max))
        case "mint:hang": .mintHang
        case "mint:hang-up": .mintHangUp
        case "mint:garbage": .mintGarbage
        case "mint:not-json": .mintNotJSON
        case "mint:empty-token": .mintEmptyToken
        case "mint:no-token": .mintNoToken
        case "upgrade:status": .upgradeStatus(try options.status())
        case "upgrade:hang": .upgradeHang
        case "upgrade:hang-up": .upgradeHangUp
        case "upgrade:redirect": .upgradeRedirect
        default: try openKind(&options)
        }
    }

    private static func openKind(_ options: inout FaultOptions) throws(SimulatorFaultError) -> Kind {
        switch options.name {
        case "open:close-after":
            .closeAfter(
                audioBytes: try options.value(0...Int.max), code: try options.closeCode(),
                reason: options.take("reason") ?? "")
        case "open:abort-after": .abortAfter(audioBytes: try options.value(0...Int.max))
        case "open:never-ready": .neverReady
        case "open:silence": .silence
        case "open:error-message": .errorMessage(options.takeValue() ?? "simulated error")
        case "open:slow-reader": .slowReader(bytesPerSecond: try options.value(1...1 << 40))
        default: throw SimulatorFaultError(problem: "unknown fault '\(options.name)'")
        }
    }
}

/// The pieces of a spelt fault, taken one by one.
private struct FaultOptions {
    let name: String
    private var main: String?
    private var options: [(name: String, value: String)] = []

    init(_ text: String) {
        let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init) }
        name = pieces[0][0]
        main = pieces[0].count > 1 ? pieces[0][1] : nil
        options = pieces.dropFirst().map { ($0[0], $0.count > 1 ? $0[1] : "") }
    }

    mutating func takeValue() -> String? {
        defer { main = nil }
        return main
    }

    mutating func take(_ option: String) -> String? {
        guard let index = options.firstIndex(where: { $0.name == option }) else { return nil }
        return options.remove(at: index).value
    }

    mutating func value(_ range: ClosedRange<Int>) throws(SimulatorFaultError) -> Int {
        guard let text = takeValue() else { throw SimulatorFaultError(problem: "'\(name)' needs a value") }
        return try Self.number(text, name, range)
    }

    mutating func status() throws(SimulatorFaultError) -> Int { try value(200...599) }

    mutating func integer(
        _ option: String, _ range: ClosedRange<Int>
    ) throws(SimulatorFaultError) -> Int? {
        guard let text = take(option) else { return nil }
        return try Self.number(text, option, range)
    }

    /// 1011 when absent, `nil` for `none`.
    mutating func closeCode() throws(SimulatorFaultError) -> UInt16? {
        guard let text = take("code") else { return 1011 }
        guard text != "none" else { return nil }
        let code = UInt16(try Self.number(text, "code", 1000...4999))
        guard CloseFrame.mayStandOnTheWire(code) else {
            throw SimulatorFaultError(problem: "\(code) is a code that no close frame may have")
        }
        return code
    }

    func finish() throws(SimulatorFaultError) {
        if let main { throw SimulatorFaultError(problem: "'\(name)' takes no value, but got '\(main)'") }
        if let option = options.first {
            throw SimulatorFaultError(problem: "'\(name)' has no option '\(option.name)', or has it twice")
        }
    }

    private static func number(
        _ text: String, _ name: String, _ range: ClosedRange<Int>
    ) throws(SimulatorFaultError) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw SimulatorFaultError(
                problem: "'\(name)' must be a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
    }
}
