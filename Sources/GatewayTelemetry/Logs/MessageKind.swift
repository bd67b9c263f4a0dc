/// Kinds of log lines that an operator may look for in the journal. The raw value is how their messages begin; an
/// id, once released, never changes, whatever becomes of the words.
enum MessageKind: String, CaseIterable {
    case sessionEnded = "session ended"
    case listening = "listening"
    case draining = "draining"
    case reloaded = "configuration reloaded"
    case notReloaded = "configuration not reloaded"
    case configuration = "configuration: "
    case noUpstream = "no upstream"
    case wrongRate = "audio came at another rate"
    case ledgerFails = "the ledger cannot be written"
    case ledgerWorks = "the ledger is written again"
    case lostSessions = "the last run ended without closing its sessions"
    case heldBack = "lines were held back"
    case keyRefused = "the service refuses API key"
    case connectionClosed = "connection closed: "

    /// The kind of a message; `nil` when it is of none.
    init?(of message: String) {
        guard let kind = Self.allCases.first(where: { message.hasPrefix($0.rawValue) }) else { return nil }
        self = kind
    }

    /// `MESSAGE_ID` (systemd.journal-fields(7)): 128 bits at random, as 32 hexadecimal digits.
    var id: String {
        switch self {
        case .sessionEnded: "d09ee27d3402448c840915d11876c3b9"
        case .listening: "211ae55ec25543aeb90afd5881a02077"
        case .draining: "c2e7d0a7f279429e8615c244e7991268"
        case .reloaded: "9ac9ffdbdfa6426b99cc7045751f2170"
        case .notReloaded: "d24334f16134407ba2321635e5f8f568"
        case .configuration: "211bcfbd053149bbb5e9511cdac860f9"
        case .noUpstream: "40c52bc416394117a8f28d98e254fdc8"
        case .wrongRate: "e39ae8377f8448cb80a56b677b7a19c0"
        case .ledgerFails: "9ba9c979f56d4125849a19c3c3fd5c1c"
        case .ledgerWorks: "d08bbf8775254cfdbeb658a130704e29"
        case .lostSessions: "45b1c49d902242d3871f12f83c2d809e"
        case .heldBack: "408ed3224e5c4be48d755e186db0931a"
        case .keyRefused: "12780c64e6314085a5297997f6a55d4d"
        case .connectionClosed: "cff4b41b81b74866ac2631b1091b7761"
        }
    }
}
