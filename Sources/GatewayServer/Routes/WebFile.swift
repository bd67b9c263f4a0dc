import GatewayCore
import GatewayWire
import NIOCore
import NIOHTTP1

/// A file for browsers that is part of the program.
struct WebFile: Sendable {
    /// How long copies of it are good (RFC 9111).
    enum Freshness: String {
        /// Copies are asked about before each use.
        case revalidated = "no-cache"
        /// The path names the content, so a copy is good for ever.
        case immutable = "public, max-age=31536000, immutable"
    }

    private let body: ByteBuffer
    private let headers: HTTPHeaders
    private let tag: String
    /// SHA-256 of the content.
    let digest: [UInt8]

    /// - Parameters:
    ///   - type: Its media type.
    ///   - policy: The Content-Security-Policy, for a page.
    init(_ content: [UInt8], type: String, freshness: Freshness = .revalidated, policy: String? = nil) {
        body = ByteBuffer(bytes: content)
        digest = ContentDigest.sha256(content)
        tag = "\"\(Base64URL.encode(Array(digest.prefix(15))))\""
        var headers: HTTPHeaders = [
            "Content-Type": type, "Cache-Control": freshness.rawValue, "ETag": tag,
            "X-Content-Type-Options": "nosniff", "Repr-Digest": "sha-256=:\(Base64.encode(digest)):",
        ]
        if let policy { headers.add(name: "Content-Security-Policy", value: policy) }
        self.headers = headers
    }

    /// The file with these headers besides.
    /// - Throws: The refusal of another method than GET and HEAD.
    func reply(to request: HTTPRequestInfo, headers more: HTTPHeaders) throws(Refused) -> HTTPReply {
        guard request.method == .GET || request.method == .HEAD else { throw Refused(allow: "GET, HEAD") }
        var headers = headers
        headers.add(contentsOf: more)
        if request.headers[canonicalForm: "If-None-Match"].contains(where: matches) {
            headers.remove(name: "Content-Type")
            return HTTPReply(status: .notModified, headers: headers)
        }
        return HTTPReply(status: .ok, headers: headers, body: body)
    }

    /// The weak comparison of RFC 9110 §8.8.3.2, as §13.1.2 wants it.
    private func matches(_ offered: Substring) -> Bool {
        offered == "*" || offered == tag || offered == "W/" + tag
    }
}
