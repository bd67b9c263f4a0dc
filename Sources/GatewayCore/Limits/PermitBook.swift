/// Counts what runs at once: all places that a session needs are taken together or none is. A count that falls to zero
/// needs no room, so the book is as large as what runs.
package struct PermitBook: Sendable, Equatable {
    /// What is counted.
    package enum Subject: Sendable, Hashable {
        case rule(String)
        case client(String)
        case address(AddressBlock)
    }

    /// A place that is needed, and how many there are; `nil` when it is only counted.
    package struct Claim: Sendable, Equatable {
        package var subject: Subject
        package var most: Int?

        package init(_ subject: Subject, most: Int?) {
            self.subject = subject
            self.most = most
        }
    }

    private var counts: [Subject: Int] = [:]

    package init() {}

    /// How many run of this.
    package func count(of subject: Subject) -> Int { counts[subject] ?? 0 }

    /// How many subjects have a count.
    package var subjects: Int { counts.count }

    /// The first subject that has no place left; `nil` when all have.
    package func obstacle(_ claims: [Claim]) -> Subject? {
        claims.first { claim in claim.most.map { count(of: claim.subject) >= $0 } ?? false }?.subject
    }

    /// Takes a place of each claim; the subject that has none left is returned, and then nothing was taken.
    package mutating func take(_ claims: [Claim]) -> Subject? {
        if let obstacle = obstacle(claims) { return obstacle }
        for claim in claims { counts[claim.subject, default: 0] += 1 }
        return nil
    }

    /// Gives back what `take` took.
    package mutating func giveBack(_ claims: [Claim]) {
        for claim in claims {
            let count = count(of: claim.subject)
            counts[claim.subject] = count > 1 ? count - 1 : nil
        }
    }
}
