import CSystemd
import GatewayCore
import Glibc

/// Tells systemd how the service fares (sd_notify(3)) and takes what it passes on (sd_listen_fds(3)); without a
/// service manager it does nothing.
enum ServiceManager {
    static func ready(_ status: String) {
        tell("READY=1\nSTATUS=\(status)")
    }

    /// `ready` must follow, whether or not anything was changed.
    static func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = now.tv_sec * 1_000_000 + now.tv_nsec / 1000
        tell("RELOADING=1\nMONOTONIC_USEC=\(microseconds)\nSTATUS=Reading the configuration")
    }

    static func stopping() {
        tell("STOPPING=1")
    }

    /// Shown by `systemctl status`.
    static func status(_ status: String) {
        tell("STATUS=\(status)")
    }

    /// The stop may take so much longer, from now on.
    static func extendTimeout(by time: Duration, status: String) {
        tell("EXTEND_TIMEOUT_USEC=\(Int(time / .microseconds(1)))\nSTATUS=\(status)")
    }

    static func feedWatchdog() {
        tell("WATCHDOG=1")
    }

    private static func tell(_ state: String) {
        _ = sd_notify(0, state)
    }

    /// How often the watchdog must hear from this process; `nil` when there is none.
    static var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// The sockets that were passed on.
    static func inheritedSockets() -> [InheritedSocket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(0, &names)
        guard count > 0, let names else { return [] }
        defer { free(names) }
        return (0..<Int(count)).map { index in
            let name = names[index].map { String(cString: $0) } ?? "unknown"
            free(names[index])
            let descriptor = SD_LISTEN_FDS_START + Int32(index)
            return InheritedSocket(name: name, descriptor: descriptor, kind: kind(of: descriptor))
        }
    }

    private static func kind(of descriptor: Int32) -> InheritedSocket.Kind {
        guard fg_is_listening_stream(descriptor) > 0 else { return .other }
        // As large as any socket address (struct sockaddr_storage).
        var bytes = [UInt8](repeating: 0, count: 128)
        var length = socklen_t(bytes.count)
        let isKnown = bytes.withUnsafeMutableBytes { buffer in
            buffer.baseAddress.map { getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length) == 0 }
        }
        guard isKnown == true, let endpoint = endpoint(bytes[..<Int(length)]) else { return .other }
        return .listening(endpoint)
    }

    /// What stands in a socket address of the families that we serve: the family in the machine's order, then a path, or
    /// a port in network order and an address (unix(7), ip(7), ipv6(7)). By bytes, as several modules define the types.
    private static func endpoint(_ bytes: ArraySlice<UInt8>) -> SocketEndpoint? {
        let family = bytes.withUnsafeBytes { Int32($0.loadUnaligned(as: UInt16.self)) }
        let rest = bytes.dropFirst(2)
        if family == AF_UNIX { return .unix(path: String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)) }
        let port = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        switch family {
        case AF_INET: return text(of: rest.dropFirst(2).prefix(4), family).map { .ip(host: $0, port: port) }
        case AF_INET6: return text(of: rest.dropFirst(6).prefix(16), family).map { .ip(host: $0, port: port) }
        default: return nil
        }
    }

    private static func text(of address: ArraySlice<UInt8>, _ family: Int32) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = address.withUnsafeBytes {
            inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) != nil
        }
        return isWritten ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
