extension TokenPool {
    mutating func needed(_ number: UInt64, _ deadline: Duration, _ now: Duration, _ actions: inout [Action]) {
        guard !isClosed else { return actions.append(.fail(number, .closed)) }
        arrivals.arrived(at: now)
        dropExpired(now, &actions)
        if needs.isEmpty, let token = stock.takeFirst() {
            actions.append(.give(token, to: number))
        } else {
            needs.append(Need(number: number, since: now, deadline: deadline))
        }
    }

    mutating func minted(
        _ number: UInt64, _ lifetime: Duration?, _ now: Duration, _ jitter: Double, _ actions: inout [Action]
    ) {
        guard let mint = end(number) else { return actions.append(.drop(number, .surplus)) }
        answered(&actions)
        if mint.generation == generation, keys.succeeded(mint.key, begun: mint.begun, at: now) {
            actions.append(.tell(.keyAccepted(key: mint.key)))
        }
        guard needs.isEmpty else {
            refill.succeeded()
            return actions.append(.give(number, to: needs.removeFirst().number))
        }
        keep(number, of: mint, lifetime, now, jitter, &actions)
    }

    /// Nobody waits for this token. Its age counts from the beginning of its mint: who knows when it was made.
    private mutating func keep(
        _ number: UInt64, of mint: Mint, _ lifetime: Duration?, _ now: Duration, _ jitter: Double,
        _ actions: inout [Action]
    ) {
        let byAge = mint.begun + settings.maxAge
        let goodUntil = lifetime.map { min(byAge, now + $0 - Self.skewMargin) } ?? byAge
        guard settings.ceiling > 0 else { return actions.append(.drop(number, .surplus)) }
        guard goodUntil > now else {
            // Minting more of them would be in vain as well.
            refill.failed(at: now, jitter: jitter)
            actions.append(.drop(number, .expired))
            return tellOfUselessness(&actions)
        }
        refill.succeeded()
        stock.add(number, goodUntil: goodUntil, replaceAt: goodUntil - (now - mint.begun))
        while stock.count > settings.ceiling, let oldest = stock.takeFirst() {
            actions.append(.drop(oldest, .expired))
        }
    }

    private mutating func tellOfUselessness(_ actions: inout [Action]) {
        guard !hasToldOfUselessness else { return }
        hasToldOfUselessness = true
        actions.append(.tell(.tokensExpireAtOnce))
    }

    mutating func failed(
        _ number: UInt64, _ failure: MintFailure, _ now: Duration, _ jitter: Double, _ actions: inout [Action]
    ) {
        guard let mint = end(number) else { return }
        learn(from: failure, of: mint, now, jitter, &actions)
        if failure != .cancelled { refill.failed(at: now, jitter: jitter) }
        // One need goes without for each mint that fails: the one that has failed the least tries again.
        guard needs.count > mints.count, let index = needs.indices.min(by: { needs[$0].failures < needs[$1].failures })
        else { return }
        switch course(of: needs[index], after: failure, of: mint, now, jitter) {
        case .giveUp: actions.append(.fail(needs.remove(at: index).number, .mint(failure)))
        case .goOn: break
        case .pause(let pause):
            needs[index].failures += 1
            needs[index].pausedUntil = now + pause
        }
    }

    private enum Course {
        case giveUp, goOn
        case pause(Duration)
    }

    /// Asking again is safe: a mint that succeeded unseen costs one unused token.
    private func course(
        of need: Need, after failure: MintFailure, of mint: Mint, _ now: Duration, _ jitter: Double
    ) -> Course {
        switch failure {
        case .unauthorized: return mint.generation != generation || !keys.isRefused ? .goOn : .giveUp
        case .rateLimited: return .goOn
        // A mint that began on the need's account had as much time as there is.
        case .timedOut where mint.begun >= need.since: return .giveUp
        default:
            guard failure.isRetryable, need.failures + 1 < Self.mostAttempts else { return .giveUp }
            let pause = Self.retryPause * (1 << need.failures) * min(max(jitter, 0), 1)
            return (need.deadline - now - pause) * Self.mintShare >= Self.leastTime ? .pause(pause) : .giveUp
        }
    }

    /// What a failure says of the key and of the service.
    private mutating func learn(
        from failure: MintFailure, of mint: Mint, _ now: Duration, _ jitter: Double, _ actions: inout [Action]
    ) {
        switch failure {
        case .unauthorized(let status):
            answered(&actions)
            if mint.generation == generation, keys.refused(mint.key, at: now) {
                actions.append(.tell(.keyRefused(key: mint.key, status: status)))
            }
        case .rateLimited(let retryAfter):
            answered(&actions)
            guard mint.generation == generation else { return }
            if keys.limited(mint.key, begun: mint.begun, retryAfter: retryAfter, at: now) {
                actions.append(.tell(.keyLimited(key: mint.key, retryAfter: retryAfter)))
            }
        case .cancelled, .internal:
            if mint.isProbe { breaker.abandoned(at: now) }
        default:
            let wasClosed = breaker.isClosed
            breaker.failed(at: now, jitter: jitter)
            if wasClosed, !breaker.isClosed { actions.append(.tell(.mintCircuitOpened(failure))) }
        }
    }

    /// The service answers as it should, whatever it says.
    private mutating func answered(_ actions: inout [Action]) {
        if !breaker.isClosed { actions.append(.tell(.mintCircuitClosed)) }
        breaker.succeeded()
    }

    mutating func replaceKeys(_ ring: KeyRing) {
        keys = ring
        generation += 1
        refill = RefillPace()
    }

    mutating func close(_ actions: inout [Action]) {
        isClosed = true
        actions += needs.map { .fail($0.number, .closed) }
        actions += mints.map { .cancelMint($0.number) }
        actions += stock.takeAll().map { .drop($0, .expired) }
        needs = []
        mints = []
    }

    private mutating func end(_ number: UInt64) -> Mint? {
        mints.firstIndex { $0.number == number }.map { mints.remove(at: $0) }
    }

    mutating func dropExpired(_ now: Duration, _ actions: inout [Action]) {
        actions += stock.takeExpired(at: now).map { .drop($0, .expired) }
    }
}
