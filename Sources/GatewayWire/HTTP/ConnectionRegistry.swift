import NIOCore
import Synchronization

/// The connections of a server that are open.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let newcomersCount = Counted()

    /// How many connections have not had an answer to their first request yet.
    var newcomers: Int { newcomersCount.value }

    /// Takes a connection in; closes it when `closeAll` came first.
    func add(_ channel: any Channel) -> Newcomer {
        let id = ObjectIdentifier(channel)
        let isClosed = state.withLock {
            if !$0.isClosed { $0.channels[id] = channel }
            return $0.isClosed
        }
        if isClosed { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.channels.removeValue(forKey: id) } }
        return Newcomer(among: newcomersCount)
    }

    /// Closes every connection, and those that still come.
    func closeAll() async {
        let channels = state.withLock {
            $0.isClosed = true
            return Array($0.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        // The close future of a channel cannot fail.
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
