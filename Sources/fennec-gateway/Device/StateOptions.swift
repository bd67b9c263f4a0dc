import ArgumentParser
import GatewayConfig
import GatewayCore
import GatewayServer
import Glibc

/// Where the state directory is, for commands that work on it.
struct StateOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The gateway's configuration file, which names the state directory.")
    var config: String?

    @Option(help: "The state directory itself; by default $STATE_DIRECTORY, or /var/lib/fennec-gateway.")
    var stateDirectory: String?

    /// Where systemd puts it, when the unit says StateDirectory=fennec-gateway.
    private static let usual = "/var/lib/fennec-gateway"

    /// The registry of devices in it.
    func devices() throws -> DeviceDatabase {
        let path = try path()
        do {
            return try DeviceDatabase(stateDirectory: path)
        } catch {
            throw CommandFailure("\(error); name the directory with --config or --state-directory")
        }
    }

    /// The policies of the configuration; `nil` when none was named.
    func policies() throws -> Set<String>? {
        try config.map { Set(try Self.load($0).settings.policies.keys) }
    }

    private func path() throws -> String {
        if let stateDirectory { return stateDirectory }
        if let config, let path = try Self.load(config).settings.stateDirectory { return path }
        return Self.fromEnvironment ?? Self.usual
    }

    /// The first directory that the service manager has made for the gateway (systemd.exec(5)).
    static var fromEnvironment: String? {
        getenv("STATE_DIRECTORY").map { String(cString: $0) }?.split(separator: ":").first.map(String.init)
    }

    private static func load(_ path: String) throws -> LoadedConfig {
        do throws(ConfigFailure) {
            return try ConfigLoader.load(path: path)
        } catch {
            Console.error(error.description)
            throw ExitCode(ExitStatus.configuration)
        }
    }
}
