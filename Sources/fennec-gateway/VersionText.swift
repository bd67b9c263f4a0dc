import FennecUpstream
import GatewayServer
import GatewayTelemetry
import Glibc

/// What `version` prints.
enum VersionText {
    /// The program and everything of others that it runs with.
    static var line: String {
        let parts = [
            "Swift \(SwiftVersion.text)", "libcurl \(LibraryVersions.curl)", "OpenSSL \(LibraryVersions.openSSL)",
            "libsystemd \(systemd)",
        ]
        return "fennec-gateway \(GatewayVersion.current) (\(parts.joined(separator: ", ")))"
    }

    /// libsystemd has no call that tells its version; the name of its file does, such as `libsystemd.so.0.35.0`.
    private static var systemd: String {
        guard let file = fopen("/proc/self/maps", "re") else { return "unknown" }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0 {
            guard let line, let version = version(of: "libsystemd", inMap: String(cString: line)) else { continue }
            return version
        }
        return "unknown"
    }

    /// What stands behind `.so.` in the file name of a library, when a line of a process's map (proc(5)) is about it.
    static func version(of library: String, inMap line: String) -> String? {
        guard let name = line.split(separator: "/").last?.prefix(while: { !$0.isWhitespace }),
            name.hasPrefix("\(library).so.")
        else { return nil }
        return String(name.dropFirst(library.count + 4))
    }
}
