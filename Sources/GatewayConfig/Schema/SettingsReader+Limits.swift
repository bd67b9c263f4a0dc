import GatewayCore

extension SettingsReader {
    private static let counts = 1...1_000_000
    private static let seconds = 1...1_000_000_000
    private static let times: ClosedRange<Duration> = .seconds(1)...(.seconds(7 * 24 * 3600))

    /// `limits`, by name; `nil` is reported.
    func readLimits(_ value: ConfigValue) -> [String: LimitSet]? {
        guard case .mapping(let entries) = value.node.kind else {
            value.refuseType(expected: "a mapping from names to limits")
            return nil
        }
        var limits: [String: LimitSet] = [:]
        for entry in entries {
            guard let name = value.child(entry.key, value.path).parsed(NameText.parse) else { continue }
            let place = value.child(entry.value, value.path(of: name))
            if let set = readLimitSet(place), limits[name] == nil { limits[name] = set }
        }
        return limits
    }

    private func readLimitSet(_ value: ConfigValue) -> LimitSet? {
        let keys = ["concurrent_streams", "per_client", "per_address", "session"]
        guard let section = value.section(keys: keys) else { return nil }
        var set = LimitSet()
        section.read("concurrent_streams", into: &set.concurrentStreams) { $0.integer(in: Self.counts) }
        if let value = section["per_client"] { readPerClient(value, into: &set) }
        section["per_address"]?.section(keys: ["concurrent_streams"])?.read(
            "concurrent_streams", into: &set.concurrentPerAddress
        ) { $0.integer(in: Self.counts) }
        if let value = section["session"] { readSessionLimits(value, into: &set.session) }
        return set
    }

    private func readPerClient(_ value: ConfigValue, into set: inout LimitSet) {
        let keys = [
            "concurrent_streams", "connects_per_minute", "connect_burst", "audio_seconds_per_day",
            "audio_seconds_per_month", "warn_at_percent",
        ]
        guard let section = value.section(keys: keys) else { return }
        section.read("concurrent_streams", into: &set.concurrentPerClient) { $0.integer(in: Self.counts) }
        var perMinute: Int?
        var burst: Int?
        section.read("connects_per_minute", into: &perMinute) { $0.integer(in: 1...60_000) }
        section.read("connect_burst", into: &burst) { $0.integer(in: 1...60_000) }
        set.connects = perMinute.map { TokenBucket.Rate(perMinute: $0, burst: burst) }
        if section["connects_per_minute"] == nil, let place = section["connect_burst"] {
            place.refuse(ValueError("needs connects_per_minute beside it"))
        }
        readAudio(section, into: &set.budget)
    }

    private func readAudio(_ section: ConfigSection, into budget: inout AudioBudget) {
        section.read("audio_seconds_per_day", into: &budget.perDay) { $0.integer(in: Self.seconds) }
        section.read("audio_seconds_per_month", into: &budget.perMonth) { $0.integer(in: Self.seconds) }
        section.read("warn_at_percent", into: &budget.warnAt) { $0.integer(in: 1...100).map { Double($0) / 100 } }
        if !budget.isLimited, let place = section["warn_at_percent"] {
            place.refuse(ValueError("needs audio_seconds_per_day or audio_seconds_per_month beside it"))
        }
    }

    private func readSessionLimits(_ value: ConfigValue, into limits: inout SessionLimits) {
        let keys = [
            "max_duration", "idle", "no_speech", "max_realtime_factor", "realtime_burst", "realtime_patience",
            "max_audio_message",
        ]
        guard let section = value.section(keys: keys) else { return }
        let time = { (value: ConfigValue) in value.duration(in: Self.times) }
        section.read("max_duration", into: &limits.maxDuration, time)
        section.read("idle", into: &limits.idle, time)
        section.read("no_speech", into: &limits.noSpeech, time)
        section.read("max_audio_message", into: &limits.maxAudioMessageBytes) { $0.size(in: 1 << 10...64 << 20) }
        var pace = PaceMeter.Pace(factor: 1)
        section.read("max_realtime_factor", into: &pace.factor) { $0.parsed(Self.factor) }
        section.read("realtime_burst", into: &pace.burst, time)
        section.read("realtime_patience", into: &pace.patience, time)
        if section["max_realtime_factor"] != nil { limits.pace = pace }
        for key in ["realtime_burst", "realtime_patience"] where limits.pace == nil {
            section[key]?.refuse(ValueError("needs max_realtime_factor beside it"))
        }
    }

    /// A number from 1 to 100, such as 2 or 1.5.
    private static func factor(_ text: String) throws(ValueError) -> Double {
        let isPlain = text.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
        guard isPlain, let factor = Double(text), (1...100).contains(factor) else {
            throw ValueError("expected a number from 1 to 100, such as 2 or 1.5")
        }
        return factor
    }

    /// `budget`, of all clients together; `nil` is reported.
    func readBudget(_ value: ConfigValue) -> AudioBudget? {
        let keys = ["audio_seconds_per_day", "audio_seconds_per_month", "warn_at_percent"]
        guard let section = value.section(keys: keys) else { return nil }
        var budget = AudioBudget()
        readAudio(section, into: &budget)
        return budget
    }

    /// Reads what a rule gives besides policies.
    func readGifts(_ section: ConfigSection, limits: [String: LimitSet]?, into rule: inout AccessRule) {
        section.read("limits", into: &rule.limits) { value in
            value.parsed { text throws(ValueError) in
                guard let limits, limits[text] == nil else { return text }
                throw ValueError(
                    "no limits have this name", suggestion: Suggestion.nearest(to: text, among: limits.keys.sorted()))
            }
        }
        section.read("client", into: &rule.clientLabel) { $0.parsed(NameText.parse) }
        guard let tickets = section["tickets"]?.section(keys: ["on_behalf"]) else { return }
        tickets.read("on_behalf", into: &rule.actsOnBehalf) { $0.choice(of: [("true", true), ("false", false)]) }
        if rule.actsOnBehalf, rule.devices == nil {
            tickets["on_behalf"]?.refuse(
                ValueError("is for devices alone", hint: "give the backend a device token, and match.device its name"))
        }
    }

    /// An origin stops pages, not programs, which send whichever they like: such a rule wants a budget when others than
    /// this machine can reach it.
    func warnOfOpenRules(
        _ access: ConfigValue, _ rules: [AccessRule], limits: [String: LimitSet], listeners: [ListenerSettings]
    ) {
        guard case .sequence(let items) = access.node.kind, items.count == rules.count else { return }
        for (index, rule) in rules.enumerated() {
            let reached = listeners.filter { rule.listeners?.contains($0.name) ?? true }
            guard rule.origins != nil, rule.addresses == nil, rule.devices == nil, rule.token == nil,
                rule.certificate == nil,
                rule.limits.flatMap({ limits[$0] })?.budget.isLimited != true,
                reached.contains(where: { !$0.address.isLoopback })
            else { continue }
            access.child(items[index], "\(access.path)[\(index)]").warn(
                "any program that sends this origin is let in, without a budget",
                hint: "give the rule limits with audio_seconds_per_day, or match an address or device too")
        }
    }
}

extension SocketEndpoint {
    fileprivate var isLoopback: Bool {
        guard case .ip(let host, _) = self, let address = IPAddress(host) else { return true }
        return AddressRange.loopback.contains { $0.contains(address) }
    }
}
