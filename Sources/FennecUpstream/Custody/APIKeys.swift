package import GatewayCore

/// The API keys, in the order of the configuration.
package struct APIKeys: Sendable {
    let secrets: [Secret]
    private let weights: [Int]?

    /// - Parameter weights: One for each key; `nil` when the first that may serves.
    package init(_ secrets: [Secret], weights: [Int]? = nil) {
        self.secrets = secrets
        self.weights = weights
    }

    /// Reads every key from where it is kept, straight into the secure heap.
    /// - Throws: `KeyFileError`, or `SecureHeapError`.
    package static func read(_ settings: APIKeySettings, credentialsDirectory: String?) throws -> APIKeys {
        let secrets = try settings.sources.map { try KeyFile.read($0, credentialsDirectory: credentialsDirectory) }
        return APIKeys(secrets, weights: settings.weights)
    }

    /// Who among them serves.
    var ring: KeyRing { KeyRing(count: secrets.count, weights: weights) }
}
