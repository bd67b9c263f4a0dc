/// What a backend may say about a ticket that it gets for somebody else, in the body of its request.
package struct TicketOrder: Sendable, Equatable {
    package var client: String?
    package var policy: String?
    package var origin: String?
    /// Seconds.
    package var expiresIn: Int?

    package init() {}

    /// Whether it says nothing.
    package var isEmpty: Bool { self == TicketOrder() }

    /// The longest life of a ticket, in seconds.
    package static let longestLife = 3600

    /// Reads a body: an empty one, one that is no JSON object, and members that are not known say nothing.
    /// - Throws: what is wrong with a member, in words.
    package static func read(_ body: some Collection<UInt8>) throws(Malformed) -> TicketOrder {
        var order = TicketOrder()
        guard !body.isEmpty, let object = (try? JSONValue(parsing: body))?.object else { return order }
        order.client = try text(object, "client", "1 to 128 visible ASCII characters", isClient)
        order.policy = try text(object, "policy", "the name of a policy") { !$0.isEmpty }
        order.origin = try text(object, "origin", "an origin such as https://app.example.com", isOrigin)
        if let value = object["expires_in"], value != .null {
            guard let seconds = value.number?.asInteger, (1...longestLife).contains(seconds) else {
                throw Malformed("expires_in must be a whole number of seconds from 1 to \(longestLife).")
            }
            order.expiresIn = seconds
        }
        return order
    }

    /// What is wrong with a body.
    package struct Malformed: Error, Sendable, Equatable {
        package let words: String

        init(_ words: String) { self.words = words }
    }

    private static func text(
        _ object: JSONObject, _ name: String, _ expected: String, _ isRight: (String) -> Bool
    ) throws(Malformed) -> String? {
        guard let value = object[name], value != .null else { return nil }
        guard let text = value.string, isRight(text) else { throw Malformed("\(name) must be \(expected).") }
        return text
    }

    private static func isClient(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// In the form in which browsers send them (RFC 6454 §6.2); the opaque origin is everybody's.
    private static func isOrigin(_ text: String) -> Bool {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[mark...].hasPrefix("://") else {
            return false
        }
        let authority = text[mark...].dropFirst(3).utf8
        let isAllowed = { (byte: UInt8) in
            (97...122).contains(byte) || (48...57).contains(byte) || "-._:[]".utf8.contains(byte)
        }
        return text.utf8.count <= 300 && !text[..<mark].isEmpty && !authority.isEmpty
            && text[..<mark].utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "-") }
            && authority.allSatisfy(isAllowed)
    }
}
