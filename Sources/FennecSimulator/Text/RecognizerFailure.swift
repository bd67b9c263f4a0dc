/// Why a recogniser gave no text for an utterance.
enum RecognizerFailure: Error, Equatable, CustomStringConvertible {
    /// It could not be run, or not be given its file, in the system's words.
    case notRun(String)
    /// It ended with another status than 0.
    case failed(status: Int32)
    /// A signal ended it.
    case killed(signal: Int32)
    /// It took longer than so many seconds.
    case late(seconds: Int)

    var description: String {
        switch self {
        case .notRun(let reason): "could not be run: \(reason)"
        case .failed(let status): "ended with status \(status)"
        case .killed(let signal): "was ended by signal \(signal)"
        case .late(let seconds): "took longer than \(seconds) s"
        }
    }
}
