import COpenSSL
import Glibc

/// Closes the doors through which another process or a crash could carry off this one's memory.
package enum ProcessHardening {
    /// Makes the process non-dumpable, which also shuts out ptrace and `/proc/PID/mem` for other users of the same
    /// id (prctl(2), `PR_SET_DUMPABLE`), and sets the size of core files to 0.
    /// - Throws: `ProcessHardeningError` when the kernel refuses.
    package static func apply() throws(ProcessHardeningError) {
        guard fg_forbid_dumping() == 0 else { throw ProcessHardeningError(step: "PR_SET_DUMPABLE", errno: errno) }
        guard fg_forbid_core_files() == 0 else { throw ProcessHardeningError(step: "RLIMIT_CORE", errno: errno) }
    }

    /// Whether `apply` is in force.
    package static var isInForce: Bool { fg_is_dumpable() == 0 && fg_core_file_limit() == 0 }
}

/// The kernel refused a step of hardening.
package struct ProcessHardeningError: Error, Sendable, Equatable, CustomStringConvertible {
    package let step: String
    package let errno: CInt

    package var description: String { "\(step) could not be set: \(String(cString: strerror(errno)))" }
}
