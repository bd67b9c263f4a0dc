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
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let endpoint = withUnsafeMutableBytes(of: &storage) { bytes -> SocketEndpoint? in
            guard let base = bytes.baseAddress,
                getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return nil }
            return Self.endpoint(UnsafeRawBufferPointer(rebasing: bytes[..<Int(length)]))
        }
        return endpoint.map(InheritedSocket.Kind.listening) ?? .other
    }

    /// What stands in a socket address of the families that we serve.
    private static func endpoint(_ bytes: UnsafeRawBufferPointer) -> SocketEndpoint? {
        switch Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            let address = bytes.loadUnaligned(as: sockaddr_in.self)
            return text(of: address.sin_addr, AF_INET).map {
                .ip(host: $0, port: Int(UInt16(bigEndian: address.sin_port)))
            }
        case AF_INET6:
            let address = bytes.loadUnaligned(as: sockaddr_in6.self)
            return text(of: address.sin6_addr, AF_INET6)
                .map { .ip(host: $0, port: Int(UInt16(bigEndian: address.sin6_port))) }
        case AF_UNIX:
            let path = bytes.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }
            return .unix(path: String(decoding: path, as: UTF8.self))
        default: return nil
        }
    }

    private static func text<Address>(of address: Address, _ family: Int32) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = withUnsafeBytes(of: address) {
            inet_ntop(family, $0.baseAddress, &text, socklen_t(text.count)) != nil
        }
        return isWritten ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
