import CCurl
import GatewayCore
import Glibc

/// Takes in an answer's body, bounded, and wipes it afterwards: a token is in it.
final class AnswerSink {
    private let memory: UnsafeMutableRawBufferPointer
    private var headerBytes = 0
    private(set) var count = 0
    /// Whether more came than there is room for.
    private(set) var hasOverflowed = false

    /// - Parameter capacity: Most bytes of the body.
    init(capacity: Int) {
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        if let base = memory.baseAddress { explicit_bzero(base, count) }
        memory.deallocate()
    }

    /// What has arrived; good while the sink lives.
    var body: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count <= memory.count - count else { return refuse() }
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        return headerBytes <= MintFailure.largestAnswer ? bytes.count : refuse()
    }

    private func refuse() -> Int {
        hasOverflowed = true
        return 0
    }

    /// CURLOPT_WRITEFUNCTION; its context is a sink.
    static let writeBody: curl_write_callback = { data, size, count, context in
        guard let context else { return 0 }
        let sink = Unmanaged<AnswerSink>.fromOpaque(context).takeUnretainedValue()
        return sink.takeBody(UnsafeRawBufferPointer(start: data, count: size * count))
    }

    /// CURLOPT_HEADERFUNCTION; its context is a sink.
    static let writeHeader: curl_write_callback = { data, size, count, context in
        guard let context else { return 0 }
        let sink = Unmanaged<AnswerSink>.fromOpaque(context).takeUnretainedValue()
        return sink.takeHeader(UnsafeRawBufferPointer(start: data, count: size * count))
    }
}
