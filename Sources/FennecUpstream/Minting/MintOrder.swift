/// Names one call of `TokenMinter.mint`.
package struct MintID: Sendable, Hashable {
    let number: UInt64
}

/// One wanted token.
struct MintOrder: Sendable {
    let id: MintID
    let key: Secret
    let began: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant
    let completion: @Sendable (MintOutcome) -> Void
}
