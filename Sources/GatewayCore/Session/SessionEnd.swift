/// How a session ended, as the client is told and as it is accounted for.
package struct SessionEnd: Sendable, Equatable {
    /// Who ended it.
    package var side: Side
    /// The code in log and metric: an `Ending`, or one of `otherReasons`.
    package var label: String
    /// The ending of the gateway's own, when there is one: the client gets an error message and then the close.
    package var ending: Ending?
    /// What to say in the error message instead of the ending's own sentence.
    package var detail: String?
    /// The close code for the client; `nil` when it gets none from us.
    package var closeCode: UInt16?
    /// The close reason for the client.
    package var closeReason: String

    /// Endings without an error message of ours.
    package static let otherReasons = ["client_closed", "client_lost", "upstream_closed"]

    /// The gateway ends the session. What the client or the upstream did is still the gateway's doing: it drew the
    /// line.
    package static func gateway(_ ending: Ending, detail: String? = nil) -> SessionEnd {
        SessionEnd(
            side: .gateway, label: ending.rawValue, ending: ending, detail: detail, closeCode: ending.closeCode,
            closeReason: ending.rawValue)
    }

    /// The client sent a close frame; it has been answered.
    package static func clientClosed(code: UInt16?) -> SessionEnd {
        SessionEnd(side: .client, label: "client_closed", closeCode: code, closeReason: "")
    }

    /// The client's connection ended without a close frame.
    package static let clientLost = SessionEnd(side: .client, label: "client_lost", closeReason: "")

    /// The upstream's close frame passes through.
    package static func upstreamClosed(code: UInt16, reason: String) -> SessionEnd {
        SessionEnd(side: .upstream, label: "upstream_closed", closeCode: code, closeReason: reason)
    }
}
