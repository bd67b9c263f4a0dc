import GatewayCore
import Glibc

/// The kernel's limit on open files, RLIMIT_NOFILE.
enum OpenFileLimit {
    /// Too few files for the sessions that the configuration promises.
    struct TooLow: Error, Equatable, CustomStringConvertible {
        let sessions: Int
        let needed: Int
        let limit: UInt64

        var description: String {
            "sessions.max of \(sessions) takes up to \(needed) open files, but this process may open \(limit): put "
                + "LimitNOFILE=\(needed) into the systemd unit (in a shell: ulimit -n), or lower sessions.max"
        }
    }

    /// Raises the limit as far as this process may.
    /// - Throws: `TooLow` when that is not enough for these sessions.
    static func provide(for sessions: SessionSettings) throws(TooLow) {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(files, &limit)
            getrlimit(files, &limit)
        }
        guard limit.rlim_cur >= UInt64(sessions.openFiles) else {
            throw TooLow(sessions: sessions.max, needed: sessions.openFiles, limit: UInt64(limit.rlim_cur))
        }
    }
}
