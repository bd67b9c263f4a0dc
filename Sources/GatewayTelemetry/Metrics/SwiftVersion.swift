/// The compiler that built this program, as far as a program can tell.
package enum SwiftVersion {
    /// Such as `6.3`.
    package static var text: String {
        #if compiler(>=6.4)
            "6.4+"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
