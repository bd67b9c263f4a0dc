import Glibc

/// The process's own numbers, under the names that every Prometheus client library gives them. Read at each scrape,
/// from the kernel's account of this process alone.
enum ProcessMetrics {
    static func register(in registry: MetricsRegistry) {
        registry.reading(
            "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", .counter, cpuSeconds)
        registry.reading("process_open_fds", "Number of open file descriptors.", .gauge) { openDescriptors }
        registry.reading("process_max_fds", "Maximum number of open file descriptors.", .gauge) {
            limit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue))
        }
        registry.reading("process_virtual_memory_bytes", "Virtual memory size in bytes.", .gauge) { memory(0) }
        registry.reading("process_virtual_memory_max_bytes", "Maximum amount of virtual memory in bytes.", .gauge) {
            limit(__rlimit_resource_t(RLIMIT_AS.rawValue))
        }
        registry.reading("process_threads", "Number of OS threads in the process.", .gauge) { threads }
        registry.reading("process_resident_memory_bytes", "Resident memory size in bytes.", .gauge) { memory(1) }
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
    }

    /// What the kernel says of it since Linux 6.2 (proc(5)). Before, all are counted, without the one that counting takes,
    /// and without `.` and `..`.
    private static var openDescriptors: Double {
        var facts = stat()
        if stat("/proc/self/fd", &facts) == 0, facts.st_size > 0 { return Double(facts.st_size) }
        return Double(max(0, entries(of: "/proc/self/fd") - 3))
    }

    /// Without `.` and `..`.
    private static var threads: Double { Double(max(0, entries(of: "/proc/self/task") - 2)) }

    private static func entries(of path: String) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        return entries
    }

    /// -1 for no limit, as the client libraries say it.
    private static func limit(_ resource: __rlimit_resource_t) -> Double {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        return limit.rlim_cur == rlim_t.max ? -1 : Double(limit.rlim_cur)
    }

    /// A column of /proc/self/statm (proc(5)), which counts pages.
    private static func memory(_ column: Int) -> Double {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let text = String(decoding: bytes[..<max(0, read(descriptor, &bytes, bytes.count))], as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst(column).first.flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
