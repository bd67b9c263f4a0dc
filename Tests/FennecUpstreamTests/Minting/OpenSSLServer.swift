/// `openssl s_server` on a port of its own, with a certificate made for the occasion. It sends one HTTP answer to the
/// first connection.
final class OpenSSLServer: Sendable {
    enum Failure: Error { case notStarted }

    private let directory: TemporaryDirectory
    private let process: ChildProcess
    let port: Int
    /// The server's certificate, which is its own issuer.
    var certificate: String { "\(directory.path)/certificate.pem" }

    /// - Parameter names: The certificate's subject alternative names, as `openssl req` takes them.
    init(names: String, options: [String] = []) throws {
        directory = try TemporaryDirectory()
        let certificate = "\(directory.path)/certificate.pem"
        let key = "\(directory.path)/key.pem"
        let request = try ChildProcess([
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out",
            certificate,
        ])
        guard request.wait() == 0 else { throw Failure.notStarted }
        process = try ChildProcess(
            [
                "/usr/bin/openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key,
            ] + options)
        var port: Int?
        while port == nil, let line = process.readLine() {
            if line.hasPrefix("ACCEPT"), let text = line.split(separator: ":").last { port = Int(text) }
        }
        guard let port else { throw Failure.notStarted }
        self.port = port
        let body = #"{"token":"over-tls"}"#
        process.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}
