import FennecUpstream
import GatewayCore
import Logging
import Synchronization

/// Checks JWTs, and keeps the keys of those who issue them.
final class IssuerDesk: Sendable {
    /// Why a token is not taken.
    enum Failure: Error, Equatable {
        case expired
        case invalid(String)
        /// The issuer's keys are not to be had yet.
        case noKeys
    }

    fileprivate struct Issuer {
        let settings: IssuerSettings
        var keys: SigningKeys?
        var refresh: KeyRefresh
        /// The file that the keys were read from, or that could not be used.
        var file: FileStamp?
        /// What was said in the log last.
        var complaint = ""
    }

    /// Longest time that fetching keys may take.
    private static let timeout = Duration.seconds(10)

    private let issuers = Mutex<[Issuer]>([])

    /// Takes a token that is good now.
    func verify(_ text: String) throws(Failure) -> VerifiedToken {
        guard let token = SignedToken(text) else { throw .invalid("The token is malformed.") }
        guard let (settings, keys) = find(token) else { throw .invalid("The token's issuer is not known here.") }
        guard settings.algorithms.contains(where: { $0.rawValue == token.algorithm }) else {
            throw .invalid("Tokens that are signed so are not taken.")
        }
        guard let keys else { throw .noKeys }
        guard keys.has(keyOf: token) else { throw .invalid("The token's key is not one of its issuer's.") }
        guard keys.isSigned(token) else { throw .invalid("The token's signature is wrong.") }
        do throws(VerifiedToken.Failure) {
            return try VerifiedToken(token.claims, of: settings, now: Int(WallClock.milliseconds))
        } catch {
            switch error {
            case .expired: throw .expired
            case .invalid(let words): throw .invalid(words)
            }
        }
    }

    /// The issuer by whom the token claims to be; one whose keys do not have the token's fetches them anew, soon.
    private func find(_ token: SignedToken) -> (settings: IssuerSettings, keys: SigningKeys?)? {
        let name = token.claims["iss"]?.string
        return issuers.withLock { issuers in
            guard let index = issuers.firstIndex(where: { $0.settings.issuer == name }) else { return nil }
            if issuers[index].keys?.has(keyOf: token) == false { issuers[index].refresh.missedKey(now: .uptime) }
            return (issuers[index].settings, issuers[index].keys)
        }
    }

    /// Makes other issuers ready, and returns what puts them in force. Keys that were fetched are kept where nothing is
    /// changed.
    /// - Throws: `StartFailure` for a file of keys that cannot be used.
    func prepare(_ settings: [IssuerSettings]) throws -> () -> Void {
        var fresh: [Issuer] = []
        for settings in settings {
            var issuer = Issuer(settings: settings, refresh: KeyRefresh(interval: settings.refresh, now: .uptime))
            if case .file(let path) = settings.keys {
                issuer.file = FileStamp(path)
                do {
                    issuer.keys = try Self.read(path, settings)
                } catch {
                    throw StartFailure("the keys of \(settings.issuer) cannot be used: \(error)")
                }
            }
            fresh.append(issuer)
        }
        return { [self, fresh] in
            issuers.withLock { issuers in
                let before = issuers
                issuers = fresh.map { next in
                    before.first { $0.settings == next.settings && next.keys == nil } ?? next
                }
            }
        }
    }

    private static func read(_ path: String, _ settings: IssuerSettings) throws -> SigningKeys {
        guard let bytes = try StateFile.read(path, limit: VerificationKeys.maxBytes) else {
            throw StateFileError(path: path, words: "is not there")
        }
        do throws(VerificationKeys.Unusable) {
            return try SigningKeys(bytes, for: settings.algorithms)
        } catch {
            throw StateFileError(path: path, words: "\(error)")
        }
    }
}

extension IssuerDesk {
    /// Gets keys that are due; to be called several times a second.
    func lookAfterKeys(_ logger: Logger) {
        let due = issuers.withLock { issuers in
            var due: [IssuerSettings] = []
            for index in issuers.indices where issuers[index].isDue(now: .uptime) {
                due.append(issuers[index].settings)
            }
            return due
        }
        for settings in due { Task { await self.renew(settings, logger) } }
    }

    private func renew(_ settings: IssuerSettings, _ logger: Logger) async {
        do {
            switch settings.keys {
            case .file(let path): take(try Self.read(path, settings), settings, logger)
            case .url(let url):
                let answer = await DocumentFetch.get(
                    url, caFile: settings.caFile, limit: VerificationKeys.maxBytes, timeout: Self.timeout)
                take(try SigningKeys(answer.get(), for: settings.algorithms), settings, logger)
            }
        } catch {
            complain("\(error)", settings, logger)
        }
    }

    private func take(_ keys: SigningKeys, _ settings: IssuerSettings, _ logger: Logger) {
        let isNews = change(settings) { issuer in
            defer { issuer.complaint = "" }
            let isNews = issuer.keys?.count != keys.count || !issuer.complaint.isEmpty
            issuer.keys = keys
            issuer.refresh.succeeded(now: .uptime)
            return isNews
        }
        guard isNews == true else { return }
        logger.notice(
            "keys of an issuer taken",
            metadata: ["issuer": "\(settings.issuer)", "keys": .stringConvertible(keys.count)])
    }

    private func complain(_ words: String, _ settings: IssuerSettings, _ logger: Logger) {
        let isNews = change(settings) { issuer in
            defer { issuer.complaint = words }
            issuer.refresh.failed(now: .uptime, jitter: .random(in: 0..<1))
            return issuer.complaint != words
        }
        guard isNews == true else { return }
        logger.error(
            "keys of an issuer not to be had, those from before are kept",
            metadata: ["issuer": "\(settings.issuer)", "reason": "\(words)"])
    }

    /// `nil` when a reload has taken the issuer away meanwhile.
    private func change(_ settings: IssuerSettings, _ body: (inout Issuer) -> Bool) -> Bool? {
        issuers.withLock { issuers in
            issuers.firstIndex { $0.settings == settings }.map { body(&issuers[$0]) }
        }
    }
}

extension IssuerDesk.Issuer {
    /// Whether its keys should be got now; if so, they are.
    fileprivate mutating func isDue(now: Duration) -> Bool {
        guard case .file(let path) = settings.keys else { return refresh.begin(now: now) }
        let stamp = FileStamp(path)
        defer { file = stamp }
        return stamp != file
    }
}
