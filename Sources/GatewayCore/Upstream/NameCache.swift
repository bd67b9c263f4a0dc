/// The addresses of names, for many who need them at once: one look-up of a name at a time, its answer kept for a
/// while, and an old answer where a new one fails or is slow to come (after RFC 8767 §4). Time is since any fixed
/// moment, on a clock that never goes back.
package struct NameCache<Answer: Sendable & Equatable>: Sendable, Equatable {
    /// What happens.
    package enum Event: Sendable, Equatable {
        /// Somebody needs the answer for a name; no number is used twice.
        case needed(UInt64, name: String)
        /// Somebody needs it no longer. The look-up goes on: its answer is kept.
        case cancelled(UInt64)
        /// The look-up of a name has come to an answer.
        case found(String, Answer)
        /// The look-up of a name has failed, in words.
        case failed(String, words: String)
        case timePassed
    }

    /// What is to be done.
    package enum Action: Sendable, Equatable {
        /// Look a name up; `found` or `failed` must follow.
        /// - Parameter patience: After it `timePassed` must follow, for an old answer could serve by then.
        case lookUp(String, patience: Duration?)
        case give(UInt64, Answer)
        /// There is no answer, in words.
        case refuse(UInt64, words: String)
    }

    /// What is known of a name, or being found out.
    private struct Entry: Sendable, Equatable {
        var answer: Answer?
        /// When the answer came.
        var learned: Duration = .zero
        /// Before this moment the answer serves without a look-up.
        var servesUntil: Duration = .zero
        /// Since when a look-up is under way.
        var askedAt: Duration?
        /// Who waits for it, in the order in which they came.
        var waiting: [UInt64] = []
    }

    /// How long an answer serves without a look-up; after a failed look-up the one before it serves so long again.
    package static var freshness: Duration { .seconds(5) }
    /// After so long a look-up is slow.
    package static var patience: Duration { .seconds(1) }
    /// The greatest age at which an answer serves at all.
    package static var longestAge: Duration { .seconds(3600) }
    /// The most names that are known at a time: a service has one, and its proxy another.
    package static var mostNames: Int { 8 }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// Takes an event in.
    package mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        switch event {
        case .needed(let need, let name): return needed(need, name, now)
        case .cancelled(let need):
            for name in entries.keys { entries[name]?.waiting.removeAll { $0 == need } }
            return []
        case .found(let name, let answer): return found(name, answer, now)
        case .failed(let name, let words): return failed(name, words, now)
        case .timePassed:
            return entries.keys.sorted().flatMap { name in
                oldAnswer(of: name, whileSlowAt: now).map { giveAll(name, $0) } ?? []
            }
        }
    }

    private mutating func needed(_ need: UInt64, _ name: String, _ now: Duration) -> [Action] {
        if let entry = entries[name], let answer = entry.answer, now < entry.servesUntil {
            return [.give(need, answer)]
        }
        if let answer = oldAnswer(of: name, whileSlowAt: now) { return [.give(need, answer)] }
        guard makeRoom(for: name) else { return [.refuse(need, words: "too many names are being looked up")] }
        entries[name, default: Entry()].waiting.append(need)
        guard entries[name]?.askedAt == nil else { return [] }
        entries[name]?.askedAt = now
        return [.lookUp(name, patience: oldAnswer(of: name, at: now) == nil ? nil : Self.patience)]
    }

    private mutating func found(_ name: String, _ answer: Answer, _ now: Duration) -> [Action] {
        guard entries[name]?.askedAt != nil else { return [] }
        entries[name]?.answer = answer
        entries[name]?.learned = now
        return ended(name, answer, now)
    }

    private mutating func failed(_ name: String, _ words: String, _ now: Duration) -> [Action] {
        guard let entry = entries[name], entry.askedAt != nil else { return [] }
        if let answer = oldAnswer(of: name, at: now) { return ended(name, answer, now) }
        entries[name] = nil
        return entry.waiting.map { .refuse($0, words: words) }
    }

    /// A look-up is over, and this is what serves.
    private mutating func ended(_ name: String, _ answer: Answer, _ now: Duration) -> [Action] {
        entries[name]?.askedAt = nil
        entries[name]?.servesUntil = now + Self.freshness
        return giveAll(name, answer)
    }

    private mutating func giveAll(_ name: String, _ answer: Answer) -> [Action] {
        let waiting = entries[name]?.waiting ?? []
        entries[name]?.waiting = []
        return waiting.map { .give($0, answer) }
    }

    private func oldAnswer(of name: String, at now: Duration) -> Answer? {
        entries[name].flatMap { now - $0.learned < Self.longestAge ? $0.answer : nil }
    }

    /// What serves while the look-up of a name is slow; `nil` while it is not.
    private func oldAnswer(of name: String, whileSlowAt now: Duration) -> Answer? {
        guard let askedAt = entries[name]?.askedAt, now - askedAt >= Self.patience else { return nil }
        return oldAnswer(of: name, at: now)
    }

    /// Sees to it that a name has a place; false when all are taken by look-ups.
    private mutating func makeRoom(for name: String) -> Bool {
        guard entries[name] == nil, entries.count >= Self.mostNames else { return true }
        let idle = entries.filter { $0.value.askedAt == nil }
        guard let oldest = idle.min(by: { ($0.value.learned, $0.key) < ($1.value.learned, $1.key) }) else {
            return false
        }
        entries[oldest.key] = nil
        return true
    }
}
