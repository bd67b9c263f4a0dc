// Its header has the socket types as well, and either module may be the one to define them.
import CSystemd
import GatewayCore
import Glibc

/// Asks the admin listener of a running gateway: one request, one connection.
struct AdminClient {
    let endpoint: SocketEndpoint
    /// What the listener may ask for.
    let token: String?

    /// An answer.
    struct Answer {
        let status: Int
        let body: [UInt8]
    }

    /// Reads `ADDRESS:PORT`, `[ADDRESS]:PORT` or `unix:/path`.
    static func endpoint(_ text: String) throws(ArgumentProblem) -> SocketEndpoint {
        if text.hasPrefix("unix:/") { return .unix(path: String(text.dropFirst(5))) }
        guard let url = EndpointURL("http://\(text)/"), url.path == "/", IPAddress(url.host) != nil else {
            throw ArgumentProblem("expected an address such as 127.0.0.1:9780 or unix:/run/fennec-gateway/admin.sock")
        }
        return .ip(host: url.host, port: url.port)
    }

    /// - Throws: `CommandFailure` when there is no answer.
    func ask(_ method: String, _ path: String) throws(CommandFailure) -> Answer {
        let descriptor = try connect()
        defer { close(descriptor) }
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let request = Array(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(authorization)Connection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw failure("does not listen")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("broke off") }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        let answer = try answer(bytes)
        guard answer.status != 401 else {
            throw failure(
                token == nil
                    ? "asks for its admin token: name the file with --token-file, or the configuration with --config"
                    : "has another admin token")
        }
        return answer
    }

    private func answer(_ bytes: [UInt8]) throws(CommandFailure) -> Answer {
        let line = String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self).split(separator: " ")
        let end = Array("\r\n\r\n".utf8)
        let heads = bytes.indices.dropLast(3).first { bytes[$0...].starts(with: end) }
        guard line.count >= 2, line[0] == "HTTP/1.1", let status = Int(line[1]), let heads else {
            throw failure("is no admin listener")
        }
        return Answer(status: status, body: Array(bytes[(heads + 4)...]))
    }

    private func connect() throws(CommandFailure) -> CInt {
        switch endpoint {
        case .ip(let host, let port):
            var hints = addrinfo()
            hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else {
                throw failure("is no address")
            }
            defer { freeaddrinfo(found) }
            return try connect(found.pointee.ai_family, found.pointee.ai_addr, found.pointee.ai_addrlen)
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw failure("is too long") }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(MemoryLayout<sockaddr_un>.size)
            let result: Result<CInt, CommandFailure> = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    do throws(CommandFailure) {
                        return .success(try connect(AF_UNIX, address, length))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return try result.get()
        }
    }

    private func connect(
        _ family: CInt, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
    ) throws(CommandFailure) -> CInt {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw failure("cannot be reached: \(String(cString: strerror(errno)))") }
        guard let address, Glibc.connect(descriptor, address, length) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw failure("cannot be reached: \(reason); does the gateway run, and is its admin listener there?")
        }
        return descriptor
    }

    private func failure(_ words: String) -> CommandFailure { CommandFailure("\(endpoint) \(words)") }
}
