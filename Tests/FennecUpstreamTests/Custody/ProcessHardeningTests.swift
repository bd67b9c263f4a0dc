import Testing

@testable import FennecUpstream

@Suite("Hardening")
struct ProcessHardeningTests {
    @Test("makes the process non-dumpable and forbids core files")
    func applies() throws {
        try ProcessHardening.apply()
        #expect(ProcessHardening.isInForce)
    }
}
