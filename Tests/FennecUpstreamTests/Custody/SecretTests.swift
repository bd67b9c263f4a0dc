import Testing

@testable import FennecUpstream

@Suite("A secret")
struct SecretTests {
    private func secret(_ text: String) throws -> Secret {
        try Array(text.utf8).withUnsafeBytes { try Secret(copying: $0) }
    }

    @Test("lives in the secure heap and gives back its bytes")
    func placement() throws {
        let secret = try secret("zq-secret-value")
        secret.withBytes { bytes in
            #expect(SecureHeap.holds(bytes))
            #expect(bytes.elementsEqual("zq-secret-value".utf8))
        }
    }

    @Test("prints as <redacted> however it is printed")
    func redaction() throws {
        let secret = try secret("zq-secret-value")
        var dumped = ""
        dump(["k": secret], to: &dumped)
        dump(secret, to: &dumped)
        let printed = [
            "\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped,
            "\(Mirror(reflecting: secret).children.map { "\($0)" })",
        ]
        for text in printed { #expect(!text.contains("zq-secret")) }
        #expect(printed[0] == "<redacted>" && printed[1] == "<redacted>")
    }

    @Test("matches an equal one only")
    func comparison() throws {
        let one = try secret("abc")
        #expect(one.matches(try secret("abc")))
        #expect(!one.matches(try secret("abd")))
        #expect(!one.matches(try secret("ab")))
    }

    @Test("that cannot be made passes the error on")
    func failingFill() {
        struct Refused: Error {}
        #expect(throws: Refused.self) { try Secret(capacity: 8) { _ in throw Refused() } }
        #expect(throws: SecureHeapError.exhausted) { try Secret(capacity: SecureHeap.size * 2) { $0.count } }
    }

    @Test("leaves no trace of its bytes in the heap when it goes")
    func wiping() throws {
        var address = UInt(0)
        try secret("zq-secret-value").withBytes { address = UInt(bitPattern: $0.baseAddress) }
        let later = try Secret(capacity: 15) { target in
            // The freed block is the first that fits, so this looks at what was left there.
            #expect(UInt(bitPattern: target.baseAddress) != address || !target.elementsEqual("zq-secret-value".utf8))
            return target.count
        }
        #expect(later.count == 15)
    }

    @Test("the errors of the heap name the remedy")
    func errors() {
        #expect(SecureHeapError.notLocked.description.contains("LimitMEMLOCK"))
        #expect(SecureHeapError.unavailable.description.contains("LimitMEMLOCK"))
    }
}
