// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The OpenSSL that this process has loaded, which need not be the one that it was built with.
package enum CryptoLibrary {
    /// In its own words, such as `OpenSSL 3.0.17 1 Jul 2025`.
    package static var name: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }

    /// The first number of the version.
    package static var majorVersion: Int { Int(OPENSSL_version_major()) }
}
