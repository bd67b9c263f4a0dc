import GatewayCore
import Testing

@Suite("A second of audio, as it is charged")
struct PolicyAudioFormatTests {
    private static let rate = FieldConstraint.allowed([.integer(16_000), .integer(48_000)])
    private static let channels = FieldConstraint.range(min: nil, max: .integer(2))

    @Test(
        "is what is declared only where the policy bounds both rate and channels",
        arguments: [
            (nil, nil, .clamp, false), (rate, nil, .clamp, false), (nil, channels, .clamp, false),
            (rate, channels, .clamp, true), (rate, channels, .reject, true), (rate, channels, .observe, false),
            (.fixed(.integer(48_000)), .denied, .clamp, true),
            (.range(min: .integer(8000), max: nil), channels, .clamp, false), (.required, channels, .clamp, false),
        ] as [(FieldConstraint?, FieldConstraint?, OnViolation, Bool)])
    func bounds(rate: FieldConstraint?, channels: FieldConstraint?, onViolation: OnViolation, isBelieved: Bool) {
        var limits: [StartField: FieldLimit] = [:]
        limits[.sampleRate] = rate.map { FieldLimit($0) }
        limits[.channels] = channels.map { FieldLimit($0) }
        let policy = Policy(name: "p", limits: limits, onViolation: onViolation)
        #expect(policy.chargedBytesPerSecond(declared: 192_000) == (isBelieved ? 192_000 : 32_000))
        #expect(policy.chargedBytesPerSecond(declared: 16_000) == 16_000)
    }
}
