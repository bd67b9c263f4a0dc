/// The one account of a session: as it stands while it lives, final once `endedBy` and `reason` are there.
package struct UsageRecord: Sendable, Equatable {
    /// The session's id.
    package var session: String
    /// The names that a trusted proxy gave its request.
    package var trail: RequestTrail
    /// Who it was, as far as may be logged.
    package var client: String
    /// The name of the access rule that let it in.
    package var rule: String
    /// The name of the policy it was under, if any.
    package var policy: String?
    /// What the policy made of its `start`; `nil` when none came that could be decided on.
    package var decision: PolicyUsage?
    /// The origin of the page that opened it; `nil` when no page did.
    package var origin: String?
    /// The client's address, in the form that the operator chose; `nil` when none is kept.
    package var address: String?
    /// When the WebSocket opened, in ms since 1970 (UTC).
    package var startedAt: Int
    /// From the opening to the last close, in ms.
    package var duration: Int
    /// What it used.
    package var meter: UsageMeter
    /// Frames of the client's that were not sent on.
    package var droppedFrames: Int
    /// How long a token took, in ms; `nil` when none was had.
    package var mintTime: Int?
    /// How long the connection to the upstream took, in ms; `nil` when none came about.
    package var connectTime: Int?
    /// From the opening to the upstream's `ready`, in ms; `nil` when it never came.
    package var timeToReady: Int?
    /// Who ended it; `nil` as long as it lives.
    package var endedBy: Side?
    /// The close code that the client was sent or sent, if any.
    package var closeCode: UInt16?
    /// The code of the ending: one of `Ending`, or `client_closed`, `client_lost`, `upstream_closed`;
    /// `nil` as long as it lives.
    package var reason: String?

    /// A record of these values; times are in ms.
    package init(
        session: String, trail: RequestTrail = RequestTrail(), client: String, rule: String, policy: String? = nil,
        decision: PolicyUsage? = nil,
        origin: String? = nil, address: String? = nil, startedAt: Int, duration: Int, meter: UsageMeter,
        droppedFrames: Int = 0, mintTime: Int? = nil, connectTime: Int? = nil, timeToReady: Int? = nil,
        endedBy: Side? = nil, closeCode: UInt16? = nil, reason: String? = nil
    ) {
        self.session = session
        self.trail = trail
        self.client = client
        self.rule = rule
        self.policy = policy
        self.decision = decision
        self.origin = origin
        self.address = address
        self.startedAt = startedAt
        self.duration = duration
        self.meter = meter
        self.droppedFrames = droppedFrames
        self.mintTime = mintTime
        self.connectTime = connectTime
        self.timeToReady = timeToReady
        self.endedBy = endedBy
        self.closeCode = closeCode
        self.reason = reason
    }
}
