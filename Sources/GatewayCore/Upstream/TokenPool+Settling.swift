extension TokenPool {
    /// Does what the moment asks for, whatever the event was.
    mutating func settle(_ now: Duration, _ actions: inout [Action]) {
        dropExpired(now, &actions)
        for need in needs where need.deadline <= now { actions.append(.fail(need.number, .timedOut)) }
        needs.removeAll { $0.deadline <= now }
        mintForNeeds(now, &actions)
        cancelExcess(now, &actions)
        mintAhead(now, &actions)
    }

    /// When `timePassed` should come if nothing else does; `nil` when time alone changes nothing.
    package func wakeAt(after now: Duration) -> Duration? {
        guard !isClosed else { return nil }
        var moments = needs.map(\.deadline) + needs.map(\.pausedUntil)
        if let change = stock.nextChange(after: now) { moments.append(change) }
        if uncovered > 0 || missing(at: now) > 0 {
            switch keys.look(at: now) {
            case .use: break
            case .wait(let until, _), .refused(let until): moments.append(until)
            }
        }
        if missing(at: now) > 0 {
            moments.append(refill.nextAt)
            if case .open(let until, _) = breaker.state { moments.append(until) }
        }
        return moments.filter { $0 > now }.min()
    }

    /// Why a need that came now would be turned away at once; `nil` when it would be served or might be.
    /// Whoever is turned away counts as told when to come back.
    package mutating func obstacle(at now: Duration) -> TokenNeedFailure? {
        guard !isClosed else { return .closed }
        guard !stock.hasGood(at: now), mints.count <= needs.count else { return nil }
        if let retryAfter = breaker.obstacle(at: now) { return .circuitOpen(retryAfter: retryAfter) }
        switch keys.look(at: now) {
        case .use: return nil
        case .refused(let until): return .keysRefused(retryAfter: until - now)
        case .wait(let until, let interval):
            let turn = until + interval * uncovered
            guard turn + turnMargin > now + mintTimeout else { return nil }
            return .crowded(retryAfter: returnTime(noSoonerThan: turn, interval, now) - now)
        }
    }

    // MARK: For needs

    /// Needs for which no mint is under way.
    private var uncovered: Int { max(needs.count - mints.count, 0) }

    private mutating func mintForNeeds(_ now: Duration, _ actions: inout [Action]) {
        while needs.count(where: { $0.pausedUntil <= now }) > mints.count {
            switch keys.look(at: now) {
            case .use:
                if case .refuse(let retryAfter) = mint(within: timeForNeeds(now), now, &actions) {
                    return turnAway(.circuitOpen(retryAfter: retryAfter), &actions)
                }
            case .wait(let until, let interval): return turnCrowdAway(until, interval, now, &actions)
            case .refused(let until): return turnAway(.keysRefused(retryAfter: until - now), &actions)
            }
        }
        if !breaker.isClosed, let retryAfter = breaker.obstacle(at: now) {
            // Those who pause between two attempts have nothing to hope for either.
            turnAway(.circuitOpen(retryAfter: retryAfter), &actions)
        }
    }

    /// Whoever waits longest gets the token, but the mint may take as long as the last one can wait.
    private func timeForNeeds(_ now: Duration) -> Duration {
        let latest = needs.map(\.deadline).max() ?? now
        return max((latest - now) * Self.mintShare, .milliseconds(1))
    }

    /// Those for whom no mint is under way, the last ones to come, get nothing.
    private mutating func turnAway(_ failure: TokenNeedFailure, _ actions: inout [Action]) {
        for _ in 0..<uncovered { actions.append(.fail(needs.removeLast().number, failure)) }
    }

    /// Whose turn would come too late is told at once when to come back, from the end of the queue on.
    private mutating func turnCrowdAway(
        _ until: Duration, _ interval: Duration, _ now: Duration, _ actions: inout [Action]
    ) {
        while uncovered > 0, let last = needs.last {
            let turn = until + interval * (uncovered - 1)
            guard turn + turnMargin > last.deadline else { return }
            needs.removeLast()
            let retryAfter = returnTime(noSoonerThan: turn, interval, now) - now
            actions.append(.fail(last.number, .crowded(retryAfter: retryAfter)))
        }
    }

    /// One after the other, as fast as tokens can be had; from the front again where that takes too long, as those who
    /// were told may not come.
    private mutating func returnTime(
        noSoonerThan moment: Duration, _ interval: Duration, _ now: Duration
    ) -> Duration {
        let next = max(moment, lastReturn + interval)
        lastReturn = next - now > Self.longestReturn ? moment : next
        return lastReturn
    }

    // MARK: Ahead of needs

    /// Tokens that should be ready or on their way, and are not.
    private func missing(at now: Duration) -> Int {
        target(at: now) - stock.fresh(at: now) - max(mints.count - needs.count, 0)
    }

    private mutating func mintAhead(_ now: Duration, _ actions: inout [Action]) {
        guard uncovered == 0, refill.nextAt <= now, missing(at: now) > 0, case .use = keys.look(at: now) else { return }
        // Twice as fast as tokens are used up.
        let interval = min(Self.refillInterval, arrivals.span / (2 * max(arrivals.count(at: now), 1)))
        if mint(within: mintTimeout, now, &actions) == nil { refill.started(at: now, interval: interval) }
    }

    /// Of what is minted for nobody as much goes on as may be kept.
    private mutating func cancelExcess(_ now: Duration, _ actions: inout [Action]) {
        let room = max(settings.ceiling - stock.fresh(at: now), 0)
        while mints.count - needs.count > room, let last = mints.popLast() {
            if last.isProbe { breaker.abandoned(at: now) }
            actions.append(.cancelMint(last.number))
        }
    }

    /// Begins a mint; `nil` when it has begun, otherwise what the breaker says.
    private mutating func mint(
        within time: Duration, _ now: Duration, _ actions: inout [Action]
    ) -> CircuitBreaker.Verdict? {
        let verdict = breaker.ask(at: now)
        if case .refuse = verdict { return verdict }
        guard case .use(let key) = keys.choose(at: now) else { return verdict }
        lastMint += 1
        mints.append(
            Mint(number: lastMint, key: key, generation: generation, begun: now, isProbe: verdict == .probe))
        actions.append(.mint(lastMint, key: key, within: time))
        return nil
    }
}
