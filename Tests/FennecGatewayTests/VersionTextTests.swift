import Testing

@testable import fennec_gateway

struct VersionTextTests {
    @Test(
        "a library's version is read from the name of the file that is mapped",
        arguments: [
            ("7f00-7f10 r-xp 0000 fd:00 12   /lib/x86_64-linux-gnu/libsystemd.so.0.35.0\n", "0.35.0"),
            ("7f00-7f10 r-xp 0000 fd:00 12   /lib/libsystemd.so.0.35.0 (deleted)\n", "0.35.0"),
            ("7f00-7f10 r-xp 0000 fd:00 12   /lib/libsystemd.so\n", nil),
            ("7f00-7f10 r-xp 0000 fd:00 12   /lib/libsystemd-shared.so.252\n", nil), ("", nil),
        ] as [(String, String?)])
    func mapped(line: String, version: String?) {
        #expect(VersionText.version(of: "libsystemd", inMap: line) == version)
    }

    @Test("the version is one line that begins with the program's name")
    func line() {
        #expect(VersionText.line.hasPrefix("fennec-gateway 0.1.0 (Swift "))
        #expect(!VersionText.line.contains("\n"))
    }
}
