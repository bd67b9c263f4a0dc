import Glibc

/// A stretch of speech, placed in the stream by sample numbers.
package struct Utterance: Sendable, Equatable {
    /// Why an utterance ended.
    package enum Cause: String, Sendable, Equatable {
        /// `min_silence_ms` passed.
        case silence
        /// `force_decode_ms` was reached.
        case forced
        /// The stream ended.
        case flushed
    }

    /// Counts from 1 within a stream.
    package var number: Int
    /// The first sample, padding included.
    package var start: Int
    /// Behind the last sample of speech.
    package var end: Int
    /// Milliseconds of frames above the threshold.
    package var voiced: Int
    /// Mean square of the speech, 1.0 being full scale.
    package var power: Double
    package var cause: Cause

    /// Loudness in dBFS, not below -100.
    package var loudness: Double { power <= 1e-10 ? -100 : 10 * log10(power) }
}
