/// Which way relayed bytes go.
package enum RelayDirection: String, Sendable, CaseIterable {
    case clientToUpstream = "client_to_upstream"
    case upstreamToClient = "upstream_to_client"
}
