package import FennecUpstream
package import GatewayCore
package import GatewayTelemetry
package import GatewayWire
package import Logging

/// Counts and logs what goes on with the upstream. What many sessions suffer from together is one line here, when it
/// begins and when it is over.
package struct UpstreamWatch: UpstreamObserver {
    private let metrics: GatewayMetrics
    private let logger: Logger

    package init(metrics: GatewayMetrics, logger: Logger) {
        self.metrics = metrics
        self.logger = logger
    }

    package func mintEnded(_ outcome: MintOutcome) {
        metrics.mints[outcome.label].add()
        if case .token(_, let milliseconds) = outcome { metrics.mintSeconds.observe(.milliseconds(milliseconds)) }
    }

    package func needServed(fromPool isHit: Bool) {
        (isHit ? metrics.upstream.poolHits : metrics.upstream.poolMisses).add()
    }

    package func tokenExpired() { metrics.upstream.poolExpired.add() }

    package func poolChanged(size: Int) { metrics.upstream.poolSize.set(size) }

    package func dialStepEnded(_ step: DialClock.Step, took time: Duration) {
        metrics.upstream.phaseSeconds[Self.phase(of: step)].observe(time)
    }

    private static func phase(of step: DialClock.Step) -> DialPhase {
        switch step {
        case .dns: .dns
        case .tcp: .tcp
        case .tls: .tls
        case .upgrade: .upgrade
        }
    }

    package func noticed(_ notice: UpstreamNotice) {
        count(notice)
        logger.log(level: Self.level(of: notice), "\(notice)")
    }

    private func count(_ notice: UpstreamNotice) {
        let metrics = metrics.upstream
        switch notice {
        case .keyRefused: metrics.keyEvents[.refused].add()
        case .keyLimited: metrics.keyEvents[.limited].add()
        case .keyAccepted: metrics.keyEvents[.accepted].add()
        case .mintCircuitOpened: metrics.mintCircuitOpen.set(1)
        case .mintCircuitClosed: metrics.mintCircuitOpen.set(0)
        case .dialCircuitOpened: metrics.dialCircuitOpen.set(1)
        case .dialCircuitClosed: metrics.dialCircuitOpen.set(0)
        case .tokensExpireAtOnce: break
        }
    }

    /// Loud is what an operator must mend.
    private static func level(of notice: UpstreamNotice) -> Logger.Level {
        switch notice {
        case .keyRefused: .critical
        case .mintCircuitOpened, .dialCircuitOpened: .error
        case .keyLimited, .tokensExpireAtOnce: .warning
        case .keyAccepted, .mintCircuitClosed, .dialCircuitClosed: .notice
        }
    }
}
