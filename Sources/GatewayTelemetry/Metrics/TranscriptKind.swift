/// Kinds of text that come from the upstream.
package enum TranscriptKind: String, Sendable, CaseIterable {
    case partial, final, thought, corrected
}
