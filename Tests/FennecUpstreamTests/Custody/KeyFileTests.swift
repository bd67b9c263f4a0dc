import GatewayCore
import Glibc
import Testing

@testable import FennecUpstream

@Suite("The key file")
struct KeyFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func read(_ text: String, mode: mode_t = 0o600) throws -> String {
        let path = try directory.write("key", Array(text.utf8), mode: mode)
        return try KeyFile.read(.file(path: path), credentialsDirectory: nil).withBytes { bytes in
            #expect(SecureHeap.holds(bytes))
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test(
        "is read without the newline at its end",
        arguments: ["zq-key_1.~", "zq-key_1.~\n", "zq-key_1.~\r\n", "zq-key_1.~\n\n"])
    func reads(content: String) throws {
        #expect(try read(content) == "zq-key_1.~")
    }

    @Test("may have as many bytes as the limit allows, and no more")
    func size() throws {
        #expect(try read(String(repeating: "k", count: KeyFile.largestSize)).utf8.count == KeyFile.largestSize)
        let path = "\(directory.path)/key"
        #expect(throws: KeyFileError.tooLarge(path: path)) {
            try read(String(repeating: "k", count: KeyFile.largestSize + 1))
        }
    }

    @Test(
        "is refused when it holds what no header may",
        arguments: ["zq- k", "zq-\nX-Other: 1", "zq-\r\nkey", "zq-\u{0}key", "zq-\tkey", "zq-\u{7F}", "zq-é", " zq-"])
    func refusesBytes(content: String) {
        let error = #expect(throws: KeyFileError.notAKey(path: "\(directory.path)/key")) { try read(content) }
        #expect(error?.description.contains("zq-") == false)
    }

    @Test("is refused when it is empty", arguments: ["", "\n", "\r\n\r\n"])
    func refusesEmpty(content: String) {
        #expect(throws: KeyFileError.empty(path: "\(directory.path)/key")) { try read(content) }
    }

    @Test("is refused when others have any access to it", arguments: [0o604, 0o602, 0o601, 0o644, 0o777] as [mode_t])
    func refusesOpenModes(mode: mode_t) {
        let error = #expect(throws: KeyFileError.openToOthers(path: "\(directory.path)/key")) {
            try read("zq-key", mode: mode)
        }
        #expect(error?.description.contains("chmod 0600") == true)
    }

    @Test("may be open to its group", arguments: [0o400, 0o600, 0o640, 0o660] as [mode_t])
    func acceptsGroup(mode: mode_t) throws {
        #expect(try read("zq-key", mode: mode) == "zq-key")
    }

    @Test("is refused when it is missing or no file")
    func refusesOthers() throws {
        let missing = "\(directory.path)/none"
        #expect(throws: KeyFileError.missing(path: missing)) {
            try KeyFile.read(.file(path: missing), credentialsDirectory: nil)
        }
        #expect(throws: KeyFileError.notAFile(path: directory.path)) {
            try KeyFile.read(.file(path: directory.path), credentialsDirectory: nil)
        }
        let pipe = "\(directory.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: KeyFileError.notAFile(path: pipe)) {
            try KeyFile.read(.file(path: pipe), credentialsDirectory: nil)
        }
    }

    @Test("as a credential is found in the service manager's directory, whatever its mode")
    func credential() throws {
        _ = try directory.write("fennec-api-key", Array("zq-key\n".utf8), mode: 0o444)
        let key = try KeyFile.read(.credential(name: "fennec-api-key"), credentialsDirectory: directory.path)
        #expect(key.withBytes { $0.elementsEqual("zq-key".utf8) })
    }

    @Test("as a credential needs the directory, and a name that stays inside of it")
    func credentialRules() {
        #expect(throws: KeyFileError.noCredentialsDirectory("k")) {
            try KeyFile.read(.credential(name: "k"), credentialsDirectory: nil)
        }
        for name in ["", ".", "..", "../k", "a/b"] {
            #expect(throws: KeyFileError.badCredentialName(name)) {
                try KeyFile.read(.credential(name: name), credentialsDirectory: directory.path)
            }
        }
    }
}
