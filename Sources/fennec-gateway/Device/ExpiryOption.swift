import ArgumentParser
import Glibc

/// When a token expires.
struct ExpiryOption: ParsableArguments {
    @Option(
        name: .customLong("expires"),
        help: ArgumentHelp("How long the token is good, such as 720h; without it, for ever.", valueName: "duration"),
        transform: DurationArgument.parseSeconds)
    var life: Int?

    /// Milliseconds since 1970; `nil` for never.
    var moment: Int? {
        life.map { (time(nil) + $0) * 1000 }
    }
}
