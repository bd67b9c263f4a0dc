import ArgumentParser

/// `sessions kill`.
struct SessionsKill: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "Ends sessions at once; their clients are told that an operator did.")

    @Argument(help: "Their ids, as `sessions list` shows them.")
    var ids: [String]

    @OptionGroup var admin: AdminOption

    func validate() throws {
        guard ids.allSatisfy({ $0.utf8.count == 16 && $0.allSatisfy(\.isHexDigit) }) else {
            throw ValidationError("an id is 16 hexadecimal digits")
        }
    }

    func run() throws {
        let client = try admin.client()
        for id in ids {
            let answer = try client.ask("DELETE", "/sessions/\(id)")
            switch answer.status {
            case 204: continue
            case 404: throw CommandFailure("there is no session \(id)")
            default: throw CommandFailure("the gateway answered with \(answer.status)")
            }
        }
    }
}
