import GatewayTesting
import Glibc

/// One request on a connection of its own, the simplest way.
enum PlainRequest {
    /// The answer, head and body.
    /// - Throws: `TestingFailure`.
    static func answer(to request: String, port: Int) throws -> String {
        // The kernel's own form of the address (ip(7)), since several modules define the type.
        var address = [UInt8](repeating: 0, count: 16)
        address.withUnsafeMutableBytes { $0.storeBytes(of: UInt16(AF_INET), as: UInt16.self) }
        address.replaceSubrange(2..<8, with: [UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, 1])
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let connected = address.withUnsafeBytes { bytes in
            bytes.baseAddress.map { connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), 16) } ?? -1
        }
        let bytes = Array(request.utf8)
        guard connected == 0, send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw TestingFailure("the gateway takes no request: \(String(cString: strerror(errno)))")
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            answer += chunk[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
