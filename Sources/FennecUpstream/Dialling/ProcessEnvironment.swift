import GatewayCore
import Glibc

/// The process's environment.
enum ProcessEnvironment {
    /// The variables that speak of proxies, as they are set.
    static var proxyVariables: [String: String] {
        ProxyEnvironment.variables.reduce(into: [:]) { found, name in
            if let value = getenv(name) { found[name] = String(cString: value) }
        }
    }
}
