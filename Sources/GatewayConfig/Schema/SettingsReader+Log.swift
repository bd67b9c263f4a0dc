import GatewayCore

extension SettingsReader {
    /// `log`, with the defaults for what is not there; `nil` is reported.
    func readLog(_ value: ConfigValue) -> LogSettings? {
        guard let section = value.section(keys: ["level", "format"]) else { return nil }
        var settings = LogSettings()
        section.read("level", into: &settings.level) {
            $0.choice(of: LogSettings.Level.allCases.map { ($0.rawValue, $0) })
        }
        section.read("format", into: &settings.format) {
            $0.choice(of: LogSettings.Format.allCases.map { ($0.rawValue, $0) })
        }
        return settings
    }
}
