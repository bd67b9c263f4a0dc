import Testing

@testable import FennecSimulator

@Suite struct SimulatorFaultTests {
    @Test(
        "Faults are read",
        arguments: [
            ("mint:status=500,count=3", SimulatorFault(.mintStatus(500, retryAfter: nil), count: 3)),
            ("mint:status=429,retry-after=7", SimulatorFault(.mintStatus(429, retryAfter: 7))),
            ("mint:hang", SimulatorFault(.mintHang)), ("mint:hang-up", SimulatorFault(.mintHangUp)),
            ("mint:garbage", SimulatorFault(.mintGarbage)), ("mint:not-json", SimulatorFault(.mintNotJSON)),
            ("mint:empty-token", SimulatorFault(.mintEmptyToken)), ("mint:no-token", SimulatorFault(.mintNoToken)),
            ("upgrade:status=401", SimulatorFault(.upgradeStatus(401))),
            ("upgrade:hang,count=1", SimulatorFault(.upgradeHang, count: 1)),
            ("upgrade:hang-up", SimulatorFault(.upgradeHangUp)), ("upgrade:redirect", SimulatorFault(.upgradeRedirect)),
            ("open:close-after=32000", SimulatorFault(.closeAfter(audioBytes: 32000, code: 1011, reason: ""))),
            ("open:close-after=0,code=none", SimulatorFault(.closeAfter(audioBytes: 0, code: nil, reason: ""))),
            (
                "open:close-after=1,code=4000,reason=so be it",
                SimulatorFault(.closeAfter(audioBytes: 1, code: 4000, reason: "so be it"))
            ),
            ("open:abort-after=9", SimulatorFault(.abortAfter(audioBytes: 9))),
            ("open:never-ready", SimulatorFault(.neverReady)), ("open:silence", SimulatorFault(.silence)),
            ("open:error-message=no credit", SimulatorFault(.errorMessage("no credit"))),
            ("open:slow-reader=16000", SimulatorFault(.slowReader(bytesPerSecond: 16000))),
        ])
    func known(text: String, fault: SimulatorFault) throws {
        #expect(try SimulatorFault(parsing: text) == fault)
    }

    @Test(
        "Other spellings are refused, and the known ones listed",
        arguments: [
            "", "mint", "mint:statsu=500", "mint:status", "mint:status=9", "mint:status=x", "mint:hang=1",
            "mint:hang,times=2", "mint:hang,count=0", "mint:hang,count=", "open:close-after=1,code=70000",
            "open:close-after=1,code=1006",
            "open:slow-reader=0", "mint:hang,count=1,count=2",
        ])
    func unknown(text: String) {
        let error = #expect(throws: SimulatorFaultError.self) { try SimulatorFault(parsing: text) }
        #expect(error?.description.contains("open:never-ready") == true)
    }

    @Test("Faults of a stage happen in order, as often as they say")
    func book() {
        var book = FaultBook([
            SimulatorFault(.mintHang, count: 2), SimulatorFault(.upgradeHang), SimulatorFault(.mintGarbage, count: 1),
        ])
        #expect((0..<4).map { _ in book.next(.mint) } == [.mintHang, .mintHang, .mintGarbage, nil])
        #expect((0..<3).map { _ in book.next(.upgrade) } == [.upgradeHang, .upgradeHang, .upgradeHang])
        #expect(book.next(.open) == nil)
    }
}
