import GatewayCore
import NIOSSL

/// What a listener's TLS files made, and how to notice that they are others now.
struct TLSFiles: Sendable {
    let context: NIOSSLContext
    /// When the listener's own certificate ends, in seconds since 1970.
    let notAfter: Int
    let stamp: Stamp

    /// Which files stand at the paths.
    struct Stamp: Sendable, Equatable {
        private let files: [FileStamp?]

        init(_ settings: TLSSettings) {
            files = ([settings.certificate, settings.key] + (settings.clientCA.map { [$0] } ?? [])).map(FileStamp.init)
        }
    }

    /// Reads certificate, key and client authority.
    /// - Throws: `StartFailure` when one of them cannot be used.
    static func load(_ settings: TLSSettings, listener: String) throws -> TLSFiles {
        // Taken first: what changes while it is read is noticed then.
        let stamp = Stamp(settings)
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(settings.certificate)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: settings.key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            try trust(settings, listener: listener, in: &configuration)
            return TLSFiles(
                context: try NIOSSLContext(configuration: configuration),
                notAfter: chain.first.map { Int($0.notValidAfter) } ?? 0, stamp: stamp)
        } catch let failure as StartFailure {
            throw failure
        } catch {
            throw StartFailure("listener \(listener) cannot use its certificate or key: \(error)")
        }
    }

    private static func trust(
        _ settings: TLSSettings, listener: String, in configuration: inout TLSConfiguration
    ) throws {
        guard let path = settings.clientCA else { return }
        do {
            let authorities = try NIOSSLCertificate.fromPEMFile(path)
            guard !authorities.isEmpty else { throw StartFailure("there is no certificate in it") }
            configuration.trustRoots = .certificates(authorities)
            configuration.sendCANameList = true
        } catch {
            throw StartFailure("listener \(listener) cannot use its client_ca: \(error)")
        }
        configuration.certificateVerification =
            settings.requiresClientCertificates ? .noHostnameVerification : .optionalVerification
    }
}
