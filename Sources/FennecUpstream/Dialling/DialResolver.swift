import NIOCore
import NIOPosix

/// Asks the name service for one dial, and gives the two families apart, as Happy Eyeballs wants them (RFC 8305 §3).
/// Belongs to the dial's event loop.
final class DialResolver: Resolver, Sendable {
    private struct Query {
        let addresses: EventLoopPromise<HostAddresses>
        /// `nil` for a literal.
        var need: UInt64?
    }

    private let names: NameService
    private let loop: any EventLoop
    private let query: NIOLoopBoundBox<Query?>

    /// To be called on `loop`.
    init(names: NameService, loop: any EventLoop) {
        self.names = names
        self.loop = loop
        query = NIOLoopBoundBox(nil, eventLoop: loop)
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        addresses(of: host).map { Self.at(port, $0.v6) }
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        addresses(of: host).map { Self.at(port, $0.v4) }
    }

    func cancelQueries() {
        guard let query = query.value else { return }
        query.need.map(names.cancel)
        query.addresses.fail(HostAddresses.Failure(description: "it was given up"))
    }

    /// Both families come with one answer.
    private func addresses(of host: String) -> EventLoopFuture<HostAddresses> {
        if let query = query.value { return query.addresses.futureResult }
        let addresses = loop.makePromise(of: HostAddresses.self)
        query.value = Query(addresses: addresses)
        if let literal = HostAddresses(literal: host) {
            addresses.succeed(literal)
        } else {
            query.value?.need = names.find(host, on: loop) { addresses.completeWith($0.mapError { $0 }) }
        }
        return addresses.futureResult
    }

    private static func at(_ port: Int, _ addresses: [SocketAddress]) -> [SocketAddress] {
        addresses.map { address in
            var address = address
            address.port = port
            return address
        }
    }
}
