import FennecUpstream
import GatewayCore
import GatewayTelemetry
import GatewayWire
import NIOCore

extension SessionServices {
    /// The services that these settings ask for.
    /// - Throws: `StartFailure` when the trust store cannot be used.
    init(settings: GatewaySettings, parts: Gateway.Parts) throws {
        var limits = WebSocketLimits()
        // The largest text that the vendor may send; what is above 256 KiB travels unmetered.
        limits.maxTextMessageBytes = 1 << 20
        limits.closeTimeout = TimeAmount(settings.sessions.closeTimeout)
        let url = settings.upstream.streamURL
        do {
            let tls = try UpstreamConnector.tlsContext(for: url, caFile: settings.upstream.caFile)
            let proxy = try UpstreamConnector.proxy(for: url, settings.upstream.proxy)
            connector = UpstreamConnector(
                supply: parts.supply, url: url, tls: tls, proxy: proxy, limits: limits,
                observer: UpstreamWatch(metrics: parts.metrics, logger: parts.logger))
        } catch let failure as StreamProxyFailure {
            throw StartFailure("\(failure)")
        } catch {
            throw StartFailure("upstream.ca_file cannot be used: \(error)")
        }
        earlyConnections = EarlyConnections(
            most: settings.upstream.earlyConnections, gauge: parts.metrics.upstream.earlyConnections)
        masksAnew = !url.scheme.isSecure && !Self.isLoopback(url.host)
        metrics = parts.metrics
        sessionLog = parts.sessionLog
        ledger = parts.ledger
        addresses = AddressKeeper(form: settings.usage.address)
        logger = parts.logger
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" { return true }
        guard let address = IPAddress(host) else { return false }
        return AddressRange.loopback.contains { $0.contains(address) }
    }
}
