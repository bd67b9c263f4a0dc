import GatewayCore
import GatewayCoreTesting

/// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html#fuzz-target) with each input: the first byte chooses a
/// policy, the rest is a client's text message. A broken promise is a crash, and so its input is kept.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = UnsafeBufferPointer(start: data, count: size)
    guard let choice = input.first else { return -1 }
    let policy = policies[Int(choice &- UInt8(ascii: "0"))]
    let broken = PolicyWitness(policy, input.dropFirst()).broken
    guard broken.isEmpty else { fatalError("\(broken.joined(separator: "; ")): \(policy)") }
    return 0
}

/// 256, from the digit 0 on: plain ones first, then what a configuration could hold.
private let policies: [Policy] = {
    var random = SeededGenerator(seed: 1)
    let plain = OnViolation.allCases.flatMap { mode in
        UnknownFields.allCases.map { Policy(name: "plain", unknownFields: $0, onViolation: mode) }
    }
    return plain + (plain.count..<256).map { _ in RandomPolicy.make(using: &random) }
}()
