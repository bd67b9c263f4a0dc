extension GatewaySettings {
    /// What of these settings takes effect only when the gateway starts anew, by the names that it has in the
    /// configuration; everything else may change while the gateway runs.
    /// - Parameter started: What the gateway started with.
    package func needingRestart(since started: GatewaySettings) -> [String] {
        var names = listeners.flatMap { listener in
            let before = started.listeners.first { $0.name == listener.name }
            guard let before else { return ["listeners.\(listener.name) (new)"] }
            return before.address == listener.address ? [] : ["listeners.\(listener.name).address"]
        }
        names += started.listeners.filter { before in !listeners.contains { $0.name == before.name } }
            .map { "listeners.\($0.name) (still open, under the new access rules)" }
        if admin != started.admin { names.append("admin") }
        names += upstream.needingRestart(since: started.upstream)
        if sessions.connectTimeout != started.sessions.connectTimeout {
            names.append("sessions.connect_timeout (to the token endpoint)")
        }
        if usage != started.usage { names.append("usage") }
        if stateDirectory != started.stateDirectory { names.append("state_directory") }
        if log.format != started.log.format { names.append("log.format") }
        return names
    }
}

extension UpstreamSettings {
    fileprivate func needingRestart(since started: UpstreamSettings) -> [String] {
        var names: [String] = []
        if tokenURL != started.tokenURL { names.append("upstream.token_url") }
        if streamURL != started.streamURL { names.append("upstream.stream_url") }
        if caFile != started.caFile { names.append("upstream.ca_file") }
        if proxy != started.proxy { names.append("upstream.proxy") }
        if tokenPool != started.tokenPool { names.append("upstream.token_pool") }
        if earlyConnections != started.earlyConnections { names.append("upstream.early_connections") }
        return names
    }
}
