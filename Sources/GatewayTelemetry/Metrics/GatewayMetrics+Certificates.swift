extension GatewayMetrics {
    /// Shows when the certificates of the listeners that speak TLS end.
    /// - Parameter ends: Each listener's name, and seconds since 1970; read at each scrape.
    package func describeCertificates(_ ends: @escaping @Sendable () -> [(label: String, value: Double)]) {
        registry.readings(
            "fennec_gateway_tls_certificate_not_after_seconds",
            "When the certificate of a listener ends, since the Unix epoch in seconds.", .gauge, label: "listener",
            ends)
    }
}
