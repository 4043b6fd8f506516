// SPDX-License-Identifier: Apache-2.0

extension Server {
    /// Makes what a first start would make (the identity's keys and, without a certificate of the operator's, a
    /// self-signed one), so that an invite can name the pin before the server runs. The data directory exists.
    package static func prepareIdentity(_ configuration: ServerConfiguration) throws -> CertificateIdentity {
        _ = try ServerKeys.load(dataDirectory: configuration.dataDirectory)
        return try TLSMaterial.load(configuration).identity
    }
}
