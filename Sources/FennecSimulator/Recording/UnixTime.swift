import Glibc

/// The wall clock.
enum UnixTime {
    /// Whole seconds since 1970.
    static func seconds() -> Int { time(nil) }
}
