/// A socket that the service manager opened and passed on (sd_listen_fds_with_names(3)).
package struct InheritedSocket: Sendable, Equatable {
    /// What was passed.
    package enum Kind: Sendable, Equatable {
        /// A stream socket that listens there.
        case listening(SocketEndpoint)
        /// Anything else.
        case other
    }

    /// `FileDescriptorName=` of its socket unit; several sockets may share one.
    package var name: String
    package var descriptor: Int32
    package var kind: Kind

    package init(name: String, descriptor: Int32, kind: Kind) {
        self.name = name
        self.descriptor = descriptor
        self.kind = kind
    }
}
