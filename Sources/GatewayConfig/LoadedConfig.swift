package import GatewayCore

/// What a configuration file that can be used says.
package struct LoadedConfig: Sendable, Equatable {
    /// What the operator decides.
    package let settings: GatewaySettings
    /// The policies that the file defines, in its order, as it defines them; `settings` has them flattened.
    package let policies: [PolicyOrigin]
    /// What is doubtful, in the order of the file.
    package internal(set) var warnings: [ConfigProblem] = []
}

/// Where a policy comes from.
package struct PolicyOrigin: Sendable, Equatable {
    /// What it is called.
    package let name: String
    /// The line on which its definition begins, from 1.
    package let line: Int
    /// The preset whose defaults it takes.
    package let preset: PolicyPreset?
    /// The policy that it extends.
    package let extends: String?
}
