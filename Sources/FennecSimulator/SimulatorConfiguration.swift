package import NIOCore

/// What a stand-in is like. The default listens on a free port of the loopback address, accepts any key, answers at
/// once and describes utterances instead of transcribing them.
package struct SimulatorConfiguration: Sendable {
    /// Where to listen; `nil` means a free port of 127.0.0.1.
    package var address: SocketAddress?
    /// The key that `X-API-Key` must hold; `nil` accepts any that is not empty.
    package var apiKey: String?
    /// Seconds from the minting of a token to its `exp`.
    package var tokenLifetimeSeconds = 60
    /// Unused tokens remembered.
    package var maximumTokens = 10_000

    /// From a token request to its answer.
    package var mintLatency = TimeAmount.zero
    /// From a handshake to its answer.
    package var connectLatency = TimeAmount.zero
    /// From `start` to `ready`.
    package var readyLatency = TimeAmount.zero
    /// From the moment an utterance is due to its final, and so from `eos` to the last final.
    package var finalLatency = TimeAmount.zero

    /// Texts of a known recording, the first choice.
    package var transcripts: Transcripts?
    /// A recogniser, the second choice; without both, utterances are described.
    package var recognizer: RecognizerCommand?
    /// Speech from one `partial` to the next, in milliseconds; 0 for no partials. Descriptions have none.
    package var partialMilliseconds = 1000

    /// What goes wrong, in order.
    package var faults: [SimulatorFault] = []
    /// A directory, made when it doesn't exist, that gets the files of every connection; see `SessionFiles`.
    package var recordDirectory: String?
    /// Connections that `Simulator.recordings` remembers, the latest ones.
    package var maximumRecordings = 1000
    /// Whether they keep their audio, too.
    package var keepsAudio = false
    /// Told of every audio message as it arrives, on its connection's event loop; for measurements.
    package var audioObserver: (@Sendable (ByteBuffer) -> Void)?

    /// Told, in a sentence, of what goes wrong without having been asked for; called from any thread.
    package var troubleObserver: (@Sendable (String) -> Void)?

    package init() {}

    /// Where words come from, for people.
    var recognizerName: String {
        if transcripts != nil { return "the texts of a known recording" }
        let program = recognizer?.words.first.flatMap { $0.split(separator: "/").last }
        return program.map(String.init) ?? "no recogniser, utterances are described"
    }
}
