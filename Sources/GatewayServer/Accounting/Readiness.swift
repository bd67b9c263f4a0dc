/// Whether new sessions should be sent here, check by check.
struct Readiness: Equatable {
    /// One check, and why it failed; `nil` when all is well.
    struct Check: Equatable {
        let name: String
        let problem: String?
    }

    let checks: [Check]

    var isReady: Bool { checks.allSatisfy { $0.problem == nil } }

    /// The names of the checks that failed, a line each; `ok` when none did.
    var brief: String {
        let failed = checks.filter { $0.problem != nil }
        return (isReady ? ["ok"] : failed.map(\.name)).joined(separator: "\n") + "\n"
    }

    /// Every check with its reason, a line each, and the verdict last.
    var verbose: String {
        checks.map { check in
            check.problem.map { "failed \(check.name): \($0)\n" } ?? "ok \(check.name)\n"
        }.joined() + (isReady ? "ready\n" : "not ready\n")
    }
}
