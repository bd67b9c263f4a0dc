package import Glibc

/// What the kernel says of a process at one moment (proc(5)).
package struct ProcessSample: Sendable, Equatable {
    /// User and system time so far, in ticks of `clockTicks` a second.
    package var cpuTicks: Int
    /// Resident memory, in bytes.
    package var residentBytes: Int

    package init(cpuTicks: Int, residentBytes: Int) {
        self.cpuTicks = cpuTicks
        self.residentBytes = residentBytes
    }

    /// Ticks in a second.
    package static let clockTicks = sysconf(Int32(_SC_CLK_TCK))

    /// A sample of a process; `nil` when it is gone.
    package static func of(pid: pid_t) -> ProcessSample? {
        guard let stat = read("/proc/\(pid)/stat"), let status = read("/proc/\(pid)/status") else { return nil }
        return parse(stat: stat, status: status)
    }

    /// From the texts of `/proc/PID/stat` and `/proc/PID/status`.
    package static func parse(stat: String, status: String) -> ProcessSample? {
        // The name in parentheses may hold anything, parentheses and blanks too.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let kilobytes = resident?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first,
            let count = Int(kilobytes)
        else { return nil }
        return ProcessSample(cpuTicks: user + system, residentBytes: count * 1024)
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
