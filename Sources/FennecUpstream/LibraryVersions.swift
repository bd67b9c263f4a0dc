import CCurl
import COpenSSL

/// The versions of the C libraries that this process runs with, which may be newer than those that it was built with.
package enum LibraryVersions {
    /// libcurl's, such as `7.88.1`.
    package static var curl: String {
        guard let version = curl_version_info(CURLVERSION_FIRST)?.pointee.version else { return "unknown" }
        return String(cString: version)
    }

    /// libcrypto's, such as `3.0.17`.
    package static var openSSL: String {
        guard let version = OpenSSL_version(OPENSSL_VERSION_STRING) else { return "unknown" }
        return String(cString: version)
    }
}
