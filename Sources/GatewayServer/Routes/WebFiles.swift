import GatewayCore
import GatewayWire
import NIOHTTP1

/// The files for browsers that a public listener serves: the client for everybody, the demo page where it is on.
struct WebFiles: Sendable {
    /// They never change while the program runs.
    static let shared = WebFiles()

    /// The demo page loads nothing but its own files and speaks to nobody but its gateway; it is no part of another
    /// page.
    static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
    private static let script = "text/javascript; charset=utf-8"

    /// Pages of any origin may load these: they hold no secret, and admission is for streams.
    private static let forEverybody: HTTPHeaders = [
        "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Expose-Headers": "Content-Location, ETag, Repr-Digest",
    ]
    /// A microphone is what the page is for; it tells no other site where it was.
    private static let forThePage: HTTPHeaders = [
        "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    ]

    /// The path at which this very client stays for ever.
    let clientPath: String
    private let client: [String: WebFile]
    private let page: [String: WebFile]

    private init() {
        let latest = WebFile(PackageResources.client_js, type: Self.script)
        clientPath = "/gateway/client-\(latest.digest.prefix(8).map(Self.hexadecimal).joined()).js"
        client = [
            "/gateway/client.js": latest,
            clientPath: WebFile(PackageResources.client_js, type: Self.script, freshness: .immutable),
            "/gateway/client.d.ts": WebFile(PackageResources.client_d_ts, type: "application/typescript"),
        ]
        page = [
            "/": WebFile(
                PackageResources.index_html, type: "text/html; charset=utf-8", policy: Self.contentSecurityPolicy),
            "/gateway/page/page.css": WebFile(PackageResources.page_css, type: "text/css; charset=utf-8"),
            "/gateway/page/icon.svg": WebFile(PackageResources.icon_svg, type: "image/svg+xml"),
            "/gateway/page/speech.mp3": WebFile(PackageResources.speech_mp3, type: "audio/mpeg"),
            "/gateway/page/page.js": WebFile(PackageResources.page_js, type: Self.script),
            "/gateway/page/inspector.js": WebFile(PackageResources.inspector_js, type: Self.script),
            "/gateway/page/player.js": WebFile(PackageResources.player_js, type: Self.script),
            "/gateway/page/settings.js": WebFile(PackageResources.settings_js, type: Self.script),
            "/gateway/page/snippets.js": WebFile(PackageResources.snippets_js, type: Self.script),
            "/gateway/page/timeline.js": WebFile(PackageResources.timeline_js, type: Self.script),
        ]
    }

    /// The answer for one of the files; `nil` for any other path.
    func answer(_ request: HTTPRequestInfo, withDemoPage: Bool) throws(Refused) -> HTTPAnswer? {
        if let file = client[request.path] {
            var headers = Self.forEverybody
            headers.add(
                name: "Content-Location", value: request.path == "/gateway/client.js" ? clientPath : request.path)
            return .reply(try file.reply(to: request, headers: headers))
        }
        guard withDemoPage, let file = page[request.path] else { return nil }
        return .reply(try file.reply(to: request, headers: Self.forThePage))
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
