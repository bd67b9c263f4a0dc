import Glibc

/// Why the API key could not be read, with the remedy; never any of the key's bytes.
package enum KeyFileError: Error, Sendable, Equatable, CustomStringConvertible {
    case badCredentialName(String)
    case noCredentialsDirectory(String)
    case missing(path: String)
    case missingCredential(String)
    case unreadable(path: String, errno: CInt)
    case notAFile(path: String)
    case openToOthers(path: String)
    case empty(path: String)
    case tooLarge(path: String)
    case notAKey(path: String)

    package var description: String {
        switch self {
        case .badCredentialName(let name):
            "the credential name '\(name)' is not one: give the name alone, without a path"
        case .noCredentialsDirectory(let name):
            "$CREDENTIALS_DIRECTORY is not set, so there is no credential \(name): write the key to "
                + "/etc/credstore/\(name), with mode 0600, and put LoadCredential=\(name) into the systemd unit; "
                + "or name a file with api_key: { file: PATH }"
        case .missing(let path):
            "there is no API key at \(path): write the key to it, with mode 0600"
        case .missingCredential(let name):
            "there is no credential \(name) yet: write the API key to /etc/credstore/\(name), with mode 0600, then start "
                + "the service again"
        case .unreadable(let path, let code):
            "the API key at \(path) cannot be read (\(String(cString: strerror(code)))): "
                + "let the gateway's group read it, chgrp and chmod 0640"
        case .notAFile(let path):
            "\(path) is not a regular file: name the file that holds the API key"
        case .openToOthers(let path):
            "the API key at \(path) is open to every user of this machine: chmod 0600 \(path), or 0640 with the "
                + "gateway's group"
        case .empty(let path):
            "the API key at \(path) is empty: write the key to it"
        case .tooLarge(let path):
            "\(path) is larger than \(KeyFile.largestSize) bytes: it must hold the API key alone"
        case .notAKey(let path):
            "\(path) holds bytes that no API key has (a space, a control character or something not ASCII): "
                + "it must hold the key alone, on one line"
        }
    }
}
