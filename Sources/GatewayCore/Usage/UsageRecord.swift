/// The one account of a session, written when it has ended.
package struct UsageRecord: Sendable, Equatable {
    /// The session's id.
    package var session: String
    /// Who it was, as far as may be logged.
    package var client: String
    /// The name of the access rule that let it in.
    package var rule: String
    /// The name of the policy it was under, if any.
    package var policy: String?
    /// What the policy made of its `start`; `nil` when none came that could be decided on.
    package var decision: PolicyUsage?
    /// When the WebSocket opened, in ms since 1970 (UTC).
    package var startedAt: Int
    /// From the opening to the last close, in ms.
    package var duration: Int
    /// What it used.
    package var meter: UsageMeter
    /// How long a token took, in ms; `nil` when none was had.
    package var mintTime: Int?
    /// How long the connection to the upstream took, in ms; `nil` when none came about.
    package var connectTime: Int?
    /// From the opening to the upstream's `ready`, in ms; `nil` when it never came.
    package var timeToReady: Int?
    /// Who ended it.
    package var endedBy: Side
    /// The close code that the client was sent or sent, if any.
    package var closeCode: UInt16?
    /// The code of the ending: one of `Ending`, or `client_closed`, `client_lost`, `upstream_closed`.
    package var reason: String

    /// A record of these values; times are in ms.
    package init(
        session: String, client: String, rule: String, policy: String? = nil, decision: PolicyUsage? = nil,
        startedAt: Int, duration: Int, meter: UsageMeter, mintTime: Int? = nil, connectTime: Int? = nil,
        timeToReady: Int? = nil, endedBy: Side, closeCode: UInt16? = nil, reason: String
    ) {
        self.session = session
        self.client = client
        self.rule = rule
        self.policy = policy
        self.decision = decision
        self.startedAt = startedAt
        self.duration = duration
        self.meter = meter
        self.mintTime = mintTime
        self.connectTime = connectTime
        self.timeToReady = timeToReady
        self.endedBy = endedBy
        self.closeCode = closeCode
        self.reason = reason
    }

    /// Its fields in the order in which a log shows them, what is not there left out; names end in their unit.
    package var fields: [(name: String, value: UsageValue)] {
        let all: [(String, UsageValue?)] =
            identity + (decision?.fields ?? []) + [
                ("started_at_ms", .integer(startedAt)),
                ("duration_ms", .integer(duration)),
                ("audio_seconds", .number((meter.secondsReceived * 1000).rounded() / 1000)),
                ("audio_bytes", .integer(meter.bytesReceived)),
                ("forwarded_bytes", .integer(meter.bytesForwarded)),
                ("frames", .integer(meter.messagesReceived)),
                ("utterances", .integer(meter.utterances)),
                ("finals", .integer(meter.finals)),
                ("partials", .integer(meter.partials)),
                ("words", .integer(meter.words)),
                ("characters", .integer(meter.characters)),
                ("mint_ms", mintTime.map(UsageValue.integer)),
                ("connect_ms", connectTime.map(UsageValue.integer)),
                ("ready_ms", timeToReady.map(UsageValue.integer)),
                ("ended_by", .text(endedBy.rawValue)),
                ("close_code", closeCode.map { .integer(Int($0)) }),
                ("reason", .text(reason)),
            ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    private var identity: [(String, UsageValue?)] {
        [
            ("session", .text(session)), ("client", .text(client)), ("rule", .text(rule)),
            ("policy", policy.map(UsageValue.text)),
        ]
    }

    /// The same as a JSON object.
    package var json: JSONValue {
        .object(JSONObject(members: fields.map { JSONObject.Member(name: $0.name, value: $0.value.json) }))
    }
}
