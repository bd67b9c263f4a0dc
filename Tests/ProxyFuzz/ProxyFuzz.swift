import GatewayCoreTesting

/// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html#fuzz-target) with each input: the beginning of a
/// connection from a proxy. A broken promise is a crash, and so its input is kept.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let broken = ProxyHeaderWitness(UnsafeBufferPointer(start: data, count: size)).broken
    guard broken.isEmpty else { fatalError(broken.joined(separator: "; ")) }
    return 0
}
