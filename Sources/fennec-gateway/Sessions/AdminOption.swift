import ArgumentParser
import GatewayConfig
import GatewayCore
import Glibc

/// Where a running gateway's admin listener is, and the token that it may ask for.
struct AdminOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The gateway's configuration file, which names listener and token.")
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The admin listener: 127.0.0.1:9780 unless the configuration says otherwise, or "
                + "unix:/run/fennec-gateway/admin.sock.", valueName: "address"),
        transform: AdminClient.endpoint)
    var admin: SocketEndpoint?

    @Option(help: ArgumentHelp("A file with the admin token, where the gateway asks for one.", valueName: "file"))
    var tokenFile: String?

    /// - Throws: `CommandFailure`, and `ExitCode` for a configuration with mistakes.
    func client() throws -> AdminClient {
        let settings = try config.map(settings)
        return AdminClient(
            endpoint: admin ?? settings?.address ?? AdminSettings().address, token: try token(settings?.token))
    }

    private func settings(_ path: String) throws -> AdminSettings {
        let loaded: LoadedConfig
        do throws(ConfigFailure) {
            loaded = try ConfigLoader.load(path: path)
        } catch {
            Console.error(error.description)
            throw ExitCode(ExitStatus.configuration)
        }
        guard let admin = loaded.settings.admin else {
            throw CommandFailure("\(path) switches the admin surface off: give it an address, then restart the gateway")
        }
        return admin
    }

    private func token(_ source: KeySource?) throws(CommandFailure) -> String? {
        switch source {
        case _ where tokenFile != nil: return try tokenFile.map(SmallFile.line)
        case .file(let path): return try SmallFile.line(path)
        case .credential(let name):
            guard let directory = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }) else {
                throw CommandFailure(
                    "the admin token is the credential \(name), which only the service has: name a file with --token-file"
                )
            }
            return try SmallFile.line("\(directory)/\(name)")
        case nil: return nil
        }
    }
}
