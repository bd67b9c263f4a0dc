package import GatewayCore
import Glibc

/// The token that the admin surface asks for. Of it only the hash is kept.
package struct AdminToken: Sendable {
    /// Fewer characters could be guessed.
    static let fewest = 16
    private static let most = 4096

    private let hash: [UInt8]

    init(_ token: some Collection<UInt8>) { hash = Digest.sha256(token) }

    /// Reads the token from where it is kept. A newline at the end is not part of it.
    /// - Parameter credentialsDirectory: `$CREDENTIALS_DIRECTORY` (systemd.exec(5), "Credentials").
    /// - Throws: `StartFailure`, which tells nothing of the token.
    package static func read(_ source: KeySource, credentialsDirectory: String?) throws -> AdminToken {
        let path: String
        switch source {
        case .file(let file): path = file
        case .credential(let name):
            guard let credentialsDirectory, !credentialsDirectory.isEmpty else {
                throw StartFailure(
                    "$CREDENTIALS_DIRECTORY is not set: put LoadCredential=\(name):PATH into the systemd unit, or name a "
                        + "file with admin.token: { file: PATH }")
            }
            path = "\(credentialsDirectory)/\(name)"
        }
        var bytes = try bytes(of: path, mayBeOpen: source != .file(path: path))[...]
        while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard bytes.count >= fewest, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw StartFailure(
                "the admin token at \(path) must be one line of at least \(fewest) visible ASCII characters, such as "
                    + "openssl rand -hex 32 prints")
        }
        return AdminToken(bytes)
    }

    private static func bytes(of path: String, mayBeOpen: Bool) throws -> [UInt8] {
        var status = stat()
        if !mayBeOpen, stat(path, &status) == 0, status.st_mode & S_IRWXO != 0 {
            throw StartFailure("the admin token at \(path) is open to every user of this machine: chmod 0640 \(path)")
        }
        do throws(StateFileError) {
            if let bytes = try StateFile.read(path, limit: most) { return bytes }
        } catch {
            throw StartFailure("the admin token at \(error)")
        }
        throw StartFailure("there is no admin token at \(path): write one to it, with mode 0640")
    }

    /// Whether this is it, in a time that tells nothing about it.
    func isMatched(by text: some StringProtocol) -> Bool { Digest.areEqual(Digest.sha256(text.utf8), hash) }
}
