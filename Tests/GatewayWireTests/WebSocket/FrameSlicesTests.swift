import NIOCore
import Testing

@testable import GatewayWire

struct FrameSlicesTests {
    /// One piece per read, each in a receive buffer of its own.
    private static func pieces(of bytes: [UInt8], size: Int, receiveBuffer: Int) -> [ByteBuffer] {
        stride(from: 0, to: bytes.count, by: size).map { start in
            var buffer = ByteBufferAllocator().buffer(capacity: receiveBuffer)
            buffer.writeBytes(bytes[start..<min(start + size, bytes.count)])
            return buffer
        }
    }

    @Test(
        "A frame comes out as it went in, in bounded storage",
        arguments: [(1, 64), (1, 2048), (1, 65536), (7, 4096), (100, 128), (1000, 65536), (40_000, 65536)])
    func bounded(size: Int, receiveBuffer: Int) {
        var random = SeededGenerator(seed: 2)
        let bytes = random.bytes(size == 1 ? 20_000 : 200_000)
        var slices = FrameSlices()
        for piece in Self.pieces(of: bytes, size: size, receiveBuffer: receiveBuffer) { slices.append(piece) }
        #expect(slices.retainedBytes <= 3 * bytes.count + 4096)
        #expect(slices.take().flatMap { Array($0.readableBytesView) } == bytes)
        #expect(slices.isEmpty)
    }

    @Test("A large piece is kept as it is and its neighbours leave it alone")
    func large() {
        let large = ByteBuffer(repeating: 1, count: 4096)
        var slices = FrameSlices()
        slices.append(large)
        slices.append(ByteBuffer(repeating: 2, count: 3).getSlice(at: 0, length: 1) ?? ByteBuffer())
        slices.append(ByteBuffer())
        #expect(large == ByteBuffer(repeating: 1, count: 4096))
        #expect(slices.take().reduce(0) { $0 + $1.readableBytes } == 4097)
    }

    @Test("Clearing forgets, and a recycled array never brings pieces back")
    func forgetting() {
        var slices = FrameSlices()
        slices.append(ByteBuffer(string: "abc"))
        slices.recycle(slices.take())
        #expect(slices.isEmpty)
        slices.append(ByteBuffer(string: "def"))
        slices.clear()
        #expect(slices.take().isEmpty)
    }
}
