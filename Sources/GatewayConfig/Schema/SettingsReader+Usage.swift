import GatewayCore

extension SettingsReader {
    private static let retention: ClosedRange<Duration> = .seconds(86_400)...(.seconds(36_500 * 86_400))

    /// `usage`, with the defaults for what is not there; `nil` is reported.
    func readUsage(_ value: ConfigValue) -> UsageSettings? {
        let keys = ["ledger", "retention", "daily_retention", "on_failure", "jsonl", "address", "price_per_minute"]
        guard let section = value.section(keys: keys) else { return nil }
        var settings = UsageSettings()
        section.read("ledger", into: &settings.ledger, writablePath)
        section.read("jsonl", into: &settings.jsonl, writablePath)
        section.read("retention", into: &settings.retention) { $0.duration(in: Self.retention) }
        section.read("daily_retention", into: &settings.dailyRetention) { $0.duration(in: Self.retention) }
        section.read("on_failure", into: &settings.isRequired) {
            $0.choice(of: [("serve", false), ("unready", true)])
        }
        section.read("address", into: &settings.address) {
            $0.choice(of: AddressForm.allCases.map { ($0.rawValue, $0) })
        }
        section.read("price_per_minute", into: &settings.pricePerMinute) { $0.parsed(Self.price).map { .some($0) } }
        if let path = settings.ledger, path == settings.jsonl, let place = section["jsonl"] {
            place.refuse(ValueError("is the ledger's own path: the two are different files"))
        }
        return settings
    }

    private static func price(_ text: String) throws(ValueError) -> Double {
        let isPlain = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        guard isPlain, text.utf8.count <= 20, let price = Double(text) else {
            throw ValueError("expected a price such as 0.0043, of 0 or more")
        }
        return price
    }

    /// The path of a file that the gateway makes; `nil` is reported.
    private func writablePath(_ value: ConfigValue) -> String?? {
        let path = value.parsed { text throws(ValueError) in
            let path = try FilePathText.parse(text)
            if case .notAFile = files(path) { throw ValueError("expected a file, found a directory") }
            return path
        }
        return path.map { .some($0) }
    }
}
