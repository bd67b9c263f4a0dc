import Glibc

/// A directory of one's own below `/tmp`, for its owner alone.
package struct TemporaryDirectory: Sendable {
    package let path: String

    /// - Throws: `TestingFailure`.
    package init() throws {
        var template = Array("/tmp/fennec-gateway-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestingFailure("no directory can be made in /tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file that its owner alone can read; returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw TestingFailure("\(file) cannot be written") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw TestingFailure("\(file) cannot be written")
        }
        return file
    }

    /// Deletes it with its files.
    package func remove() {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(directory)
        rmdir(path)
    }
}

/// Why a measurement or test could not be set up, in words.
package struct TestingFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
