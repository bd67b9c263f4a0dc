import GatewayCore

/// Follows a machine through events and notes whatever breaks a promise of its documentation.
struct SessionWatcher {
    private(set) var machine: SessionMachine
    private(set) var broken: [String] = []
    /// Kinds of transitions that were seen.
    private(set) var seen: Set<String> = []
    private var counts: [String: Int] = [:]
    private var isUpstreamOpen = false
    private var hasClientStarted = false
    private var startsSentSinceDial = 0

    init(missingReady: MissingReady) {
        machine = SessionMachine(missingReady: missingReady)
    }

    /// The successors that the comments of the states name.
    private static let successors: [String: Set<String>] = [
        "dialling": ["open", "connecting", "closed"],
        "open": ["gone", "awaitingReady", "closed"],
        "gone": ["connecting", "closed"],
        "connecting": ["awaitingReady", "closed"],
        "awaitingReady": ["streaming", "draining", "closed"],
        "streaming": ["draining", "closed"],
        "draining": ["closed"],
        "closed": [],
    ]

    /// Every transition that there is.
    static var transitions: Set<String> {
        Set(successors.flatMap { from, nexts in nexts.map { "\(from) → \($0)" } })
    }

    mutating func handle(_ event: SessionMachine.Event) {
        let before = machine.state
        if event == .upstreamOpened, before != .closed { isUpstreamOpen = true }
        if event == .clientSentStart { hasClientStarted = true }
        let actions = machine.handle(event)
        if before == .closed { demand(actions.isEmpty, "closed, and yet \(actions)") }
        for action in actions { note(action) }
        follow(from: before, by: event)
        demand((machine.state == .closed) == (counts["end", default: 0] == 1), "closed without an end, or ended twice")
        let hasEnd = actions.contains { Self.name($0) == "end" }
        demand(!hasEnd || actions.last.map(Self.name) == "end", "something follows the end: \(actions)")
        demand(!hasEnd || actions.contains { Self.name($0) == "closeUpstream" }, "ends with its upstream open")
    }

    private mutating func note(_ action: SessionMachine.Action) {
        let name = Self.name(action)
        counts[name, default: 0] += 1
        switch action {
        case .dial:
            demand(hasClientStarted, "dialled again for nobody")
            (isUpstreamOpen, startsSentSinceDial) = (false, 0)
        case .sendStart:
            startsSentSinceDial += 1
            demand(isUpstreamOpen && hasClientStarted, "start is sent too early")
            demand(startsSentSinceDial == 1, "start is sent twice")
        case .openGate: demand(startsSentSinceDial == 1, "audio flows before start")
        case .sendEOS: demand(hasClientStarted, "eos before start")
        case .sayReady, .stopAudio, .closeUpstream, .end: break
        }
        for once in ["openGate", "sendEOS", "sayReady", "dial", "end"] {
            demand(counts[once, default: 0] <= 1, "\(once) twice")
        }
    }

    private mutating func follow(from before: SessionMachine.State, by event: SessionMachine.Event) {
        let (from, next) = (Self.name(before), Self.name(machine.state))
        guard from != next else {
            return demand(before == machine.state, "\(from) changed within itself by \(event)")
        }
        seen.insert("\(from) → \(next)")
        demand(Self.successors[from]?.contains(next) == true, "\(from) → \(next) by \(event)")
    }

    private mutating func demand(_ holds: Bool, _ words: @autoclosure () -> String) {
        if !holds { broken.append(words()) }
    }

    private static func name(_ state: SessionMachine.State) -> String {
        switch state {
        case .awaitingStart(.dialling): "dialling"
        case .awaitingStart(.open): "open"
        case .awaitingStart(.gone): "gone"
        case .connecting: "connecting"
        case .awaitingReady: "awaitingReady"
        case .streaming: "streaming"
        case .draining: "draining"
        case .closed: "closed"
        }
    }

    private static func name(_ action: SessionMachine.Action) -> String {
        switch action {
        case .dial: "dial"
        case .sendStart: "sendStart"
        case .sayReady: "sayReady"
        case .openGate: "openGate"
        case .sendEOS: "sendEOS"
        case .stopAudio: "stopAudio"
        case .closeUpstream: "closeUpstream"
        case .end: "end"
        }
    }
}
