/// Why a connection was closed before there was a request on it: the metric label and the log field.
package enum ConnectionFault: String, Sendable, Equatable, CaseIterable {
    case proxyUntrusted = "proxy_untrusted"
    case proxyHeaderMissing = "proxy_header_missing"
    case proxyHeaderMalformed = "proxy_header_malformed"
    case proxyHeaderTooLong = "proxy_header_too_long"
    case proxyHeaderTimeout = "proxy_header_timeout"
    case clientCertificateRefused = "client_certificate_refused"
    case tlsFailed = "tls_failed"

    /// The fault of a header that is none.
    package init(_ fault: ProxyHeader.Fault) {
        switch fault {
        case .missing: self = .proxyHeaderMissing
        case .malformed: self = .proxyHeaderMalformed
        case .tooLong: self = .proxyHeaderTooLong
        }
    }

    /// What it means and what mends it, for the log.
    package var message: String {
        switch self {
        case .proxyUntrusted:
            "the listener takes connections from its trusted_proxies alone; add the address there if it is a proxy"
        case .proxyHeaderMissing:
            "the connection does not begin with a PROXY protocol header; let the proxy send one (send-proxy-v2), or "
                + "change client_address"
        case .proxyHeaderMalformed: "the PROXY protocol header breaks the rules of its version"
        case .proxyHeaderTooLong:
            "the PROXY protocol header is longer than \(ProxyHeader.maxBytes) bytes, or than its version allows; let the "
                + "proxy send fewer extensions"
        case .proxyHeaderTimeout: "the PROXY protocol header did not come within sessions.request_head_timeout"
        case .clientCertificateRefused:
            "the client showed no certificate that the listener's client_ca vouches for and that is in date"
        case .tlsFailed: "the TLS handshake failed"
        }
    }
}
