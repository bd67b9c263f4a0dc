import GatewayTesting
import Glibc
import Testing

@Suite("Process sample")
struct ProcessSampleTests {
    @Test("is read although the name holds blanks and parentheses")
    func names() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 5 0 0 0 250 30 0 0 20 0 1 0 1 1 1"
        let status = "Name:\ta\nVmRSS:\t    1234 kB\n"
        #expect(
            ProcessSample.parse(stat: stat, status: status) == ProcessSample(cpuTicks: 280, residentBytes: 1_263_616))
    }

    @Test(
        "is none of what is no process", arguments: [("", ""), ("7 (a) S 1", "VmRSS: 1 kB"), ("7 a S", "VmRSS: 1 kB")])
    func nonsense(stat: String, status: String) {
        #expect(ProcessSample.parse(stat: stat, status: status) == nil)
    }

    @Test("tells of this process, and of none that is gone")
    func real() {
        #expect((ProcessSample.of(pid: getpid())?.residentBytes ?? 0) > 0)
        #expect(ProcessSample.of(pid: 0x7FFF_FFFF) == nil)
    }
}
