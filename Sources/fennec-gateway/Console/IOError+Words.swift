import Glibc
import NIOCore

extension IOError {
    /// The system's words for it, without the name of the call that failed.
    var reasonInWords: String { String(cString: strerror(errnoCode)) }
}
