import CSystemd
import Glibc

/// Tells systemd how the service fares (sd_notify(3)); without a service manager it does nothing.
enum ServiceManager {
    static func ready(_ status: String) {
        tell("READY=1\nSTATUS=\(status)")
    }

    /// `ready` must follow, whether or not anything was changed.
    static func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        tell("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)")
    }

    static func stopping(_ status: String) {
        tell("STOPPING=1\nSTATUS=\(status)")
    }

    private static func tell(_ state: String) {
        _ = sd_notify(0, state)
    }
}
