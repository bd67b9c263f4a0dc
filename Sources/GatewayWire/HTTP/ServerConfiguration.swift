import Synchronization

/// What a server gives its next connection; those that exist keep what they got.
final class ServerConfiguration: Sendable {
    private let next: Mutex<HTTPServer.Configuration>

    init(_ configuration: HTTPServer.Configuration) {
        next = Mutex(configuration)
    }

    var current: HTTPServer.Configuration {
        get { next.withLock { $0 } }
        set { next.withLock { $0 = newValue } }
    }
}
