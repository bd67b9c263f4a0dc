import ArgumentParser
import GatewayConfig
import GatewayCore

/// The option of every command about policies: the file that they stand in.
struct PolicySource: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The configuration file, in YAML.", valueName: "file"))
    var config: String

    /// What the file says; everything that is wrong with it is printed.
    func load() throws -> LoadedConfig {
        do throws(ConfigFailure) {
            return try ConfigLoader.load(path: config)
        } catch {
            Console.error(error.description)
            throw ExitCode(ExitStatus.configuration)
        }
    }
}

extension LoadedConfig {
    /// The policy of this name; wrong usage when there is none.
    func policy(named name: String) throws -> Policy {
        if let policy = settings.policies[name] { return policy }
        let known = policies.map(\.name)
        let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
        let list = known.isEmpty ? "no policy but default" : known.joined(separator: ", ")
        throw ValidationError("there is no policy '\(name.printable)'; the file has \(list).\(hint)")
    }
}
