import FennecUpstream
import GatewayCore
import Glibc

/// The API key of this process.
enum APIKey {
    /// Reads it from where the settings say, straight into the secure heap.
    /// - Throws: `KeyFileError`, or `SecureHeapError`.
    static func read(_ settings: UpstreamSettings) throws -> Secret {
        let directory = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
        return try KeyFile.read(settings.apiKey, credentialsDirectory: directory)
    }
}
