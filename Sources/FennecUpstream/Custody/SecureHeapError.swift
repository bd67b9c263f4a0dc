/// Why a secret cannot be kept safely.
package enum SecureHeapError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The memory was reserved, but the kernel refused to lock it.
    case notLocked
    /// The memory could not be reserved.
    case unavailable
    /// The heap is full.
    case exhausted

    package var description: String {
        switch self {
        case .notLocked:
            "the secure heap could not be locked into memory: raise the limit (LimitMEMLOCK=8M in the systemd unit, "
                + "or ulimit -l 8192)"
        case .unavailable:
            "the secure heap could not be set up: check LimitMEMLOCK and the memory that is free"
        case .exhausted:
            "the secure heap of \(SecureHeap.size / 1024) KiB is full"
        }
    }
}
