/// Who ended a session.
package enum Side: String, Sendable, Equatable, CaseIterable {
    case client, upstream, gateway
}
