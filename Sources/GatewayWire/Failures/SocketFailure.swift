import Glibc
import NIOCore
import NIOPosix

/// What a socket's failure says to people.
package enum SocketFailure {
    /// A few words, without the names of calls: the system's, and the address where several were tried.
    package static func words(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError: words(error)
        case let error as SocketAddressError.UnknownHost: error.errorDescription
        case is ChannelError: "it did not answer in time"
        default: String(describing: error)
        }
    }

    private static func words(_ error: NIOConnectionError) -> String {
        let tried = error.connectionErrors
        if tried.count == 1 { return words(tried[0].error) }
        guard tried.isEmpty else {
            return tried.map { "\($0.target.ipAddress ?? "\($0.target)"): \(words($0.error))" }.joined(separator: ", ")
        }
        return (error.dnsAError ?? error.dnsAAAAError).map(words) ?? "it has no address"
    }
}
