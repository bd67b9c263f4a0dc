/// Measures how long a session waits for its text.
package struct DelayMeter: Sendable, Equatable {
    private var firstAudio: Int?
    private var lastAudio: Int?
    private var finals = SortedSample()
    /// From the first audio to the first transcript, partial or final, in ms; `nil` when either never came.
    package private(set) var firstTranscript: Int?

    package init() {}

    /// Audio came from the client.
    /// - Parameter time: In ms, never less than before.
    package mutating func audioCame(at time: Int) {
        if firstAudio == nil { firstAudio = time }
        lastAudio = time
    }

    /// A partial or final transcript came.
    package mutating func transcriptCame(isFinal: Bool, at time: Int) {
        guard let firstAudio, let lastAudio else { return }
        if firstTranscript == nil { firstTranscript = time - firstAudio }
        if isFinal { finals.add(time - lastAudio) }
    }

    /// From the last audio before a final to the final, in ms: the middle one; `nil` when there was no final.
    package var finalMedian: Int? { finals.median }
    /// The longest of them.
    package var finalLongest: Int? { finals.largest }
}
