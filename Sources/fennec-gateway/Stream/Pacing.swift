import ArgumentParser

/// How fast the audio goes out.
enum Pacing: String, EnumerableFlag {
    case realtime, fast

    static func help(for value: Pacing) -> ArgumentHelp? {
        switch value {
        case .realtime: "Send the audio as a microphone would. (default)"
        case .fast: "Send the audio as fast as it is taken."
        }
    }
}
