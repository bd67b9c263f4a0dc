import Glibc

/// The process's environment.
enum ProcessEnvironment {
    /// The variables that speak of proxies, as they are set.
    static var proxyVariables: [String: String] {
        let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        return names.reduce(into: [:]) { found, name in
            if let value = getenv(name) { found[name] = String(cString: value) }
        }
    }
}
