/// The members of a JSON object, in the order in which they came. Two are equal when they have the same members in
/// any order.
package struct JSONObject: Sendable, Equatable {
    /// A name and its value.
    package struct Member: Sendable, Equatable {
        /// The name, unescaped.
        package let name: String
        /// The value under that name.
        package let value: JSONValue
    }

    /// In order; no name twice, unless the reader was told to let that pass.
    package private(set) var members: [Member] = []

    /// An object without members.
    package init() {}

    /// For a reader that has seen to the names.
    init(members: [Member]) {
        self.members = members
    }

    /// Adds a member whose name is known to be new.
    mutating func append(_ member: Member) {
        members.append(member)
    }

    /// Whether it has no members.
    package var isEmpty: Bool { members.isEmpty }

    /// The value of the first member of this name. Names are equal when their scalars are (RFC 8259 §8.3), so that
    /// different spellings of an accented letter stay different. Linear in the number of members.
    package subscript(name: String) -> JSONValue? {
        get { index(of: name).map { members[$0].value } }
        set {
            switch (index(of: name), newValue) {
            case (let index?, let value?): members[index] = Member(name: name, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    private func index(of name: String) -> Int? {
        members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The members by name, byte by byte: the order in which they are written.
    package var sortedMembers: [Member] {
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Whether both have the same members, in any order.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count && left.sortedMembers == right.sortedMembers
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Of a name given twice the last value stays.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }
}
