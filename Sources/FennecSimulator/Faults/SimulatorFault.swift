/// Something that the stand-in does wrong on purpose, for as many requests or connections as it says.
package struct SimulatorFault: Sendable, Equatable {
    /// What goes wrong.
    package enum Kind: Sendable, Equatable {
        /// The token request is answered with this status, and `Retry-After` in seconds when given.
        case mintStatus(Int, retryAfter: Int?)
        /// The token request is never answered.
        case mintHang
        /// The connection ends instead of an answer.
        case mintHangUp
        /// 200 with bytes that are no text.
        case mintGarbage
        /// 200 with an HTML page.
        case mintNotJSON
        /// 200 with `{"token":""}`.
        case mintEmptyToken
        /// 200 with an object that has no token.
        case mintNoToken
        /// The handshake is answered with this status.
        case upgradeStatus(Int)
        /// The handshake is never answered.
        case upgradeHang
        /// The connection ends instead of an answer.
        case upgradeHangUp
        /// The handshake is answered with 302.
        case upgradeRedirect
        /// After so many bytes of audio a close frame with this code (none when `nil`) and reason.
        case closeAfter(audioBytes: Int, code: UInt16?, reason: String)
        /// After so many bytes of audio the connection ends with a reset.
        case abortAfter(audioBytes: Int)
        /// `ready` never comes, nor anything after it.
        case neverReady
        /// Nothing comes after `ready`, not even the end after `eos`.
        case silence
        /// An error message instead of `ready`, then close 1011.
        case errorMessage(String)
        /// The stream is read at this pace.
        case slowReader(bytesPerSecond: Int)
    }

    /// Where in the life of a connection a fault belongs.
    package enum Stage: String, Sendable, CaseIterable {
        case mint, upgrade, open
    }

    package var kind: Kind
    /// How often it happens; `nil` for always.
    package var count: Int?

    package init(_ kind: Kind, count: Int? = nil) {
        self.kind = kind
        self.count = count
    }

    package var stage: Stage {
        switch kind {
        case .mintStatus, .mintHang, .mintHangUp, .mintGarbage, .mintNotJSON, .mintEmptyToken, .mintNoToken: .mint
        case .upgradeStatus, .upgradeHang, .upgradeHangUp, .upgradeRedirect: .upgrade
        case .closeAfter, .abortAfter, .neverReady, .silence, .errorMessage, .slowReader: .open
        }
    }
}
