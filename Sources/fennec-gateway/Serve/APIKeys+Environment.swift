import FennecUpstream
import GatewayCore
import Glibc

extension APIKeys {
    /// Reads them from where the settings say, straight into the secure heap.
    /// - Throws: `KeyFileError`, or `SecureHeapError`.
    static func read(_ settings: APIKeySettings) throws -> APIKeys {
        let directory = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
        return try read(settings, credentialsDirectory: directory)
    }
}
