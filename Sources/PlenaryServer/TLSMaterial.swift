// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryNet

/// How clients recognize this server.
package struct CertificateIdentity: Hashable, Sendable {
    /// SHA-256 of the certificate, 32 bytes.
    package var fingerprint: [UInt8]
    /// SHA-256 of its public key: the pin of an invite link.
    package var publicKeyPin: [UInt8]
    /// Whether the server made it itself.
    package var isSelfSigned: Bool
}

/// Certificate and key, from the operator's files or made at the first start.
struct TLSMaterial: Sendable {
    let context: TLSContext
    let identity: CertificateIdentity

    private static let fileByteLimit = 1 << 20
    /// As registered with IANA for RFC 1459. Whoever asks for other protocols only is refused, so that no browser is
    /// led here with a request that was meant for another service of the same certificate.
    private static let applicationProtocols = ["irc"]

    static func load(_ configuration: ServerConfiguration) throws -> TLSMaterial {
        let certificate: [UInt8]
        let key: [UInt8]
        let isSelfSigned = configuration.certificateFile == nil
        if let certificateFile = configuration.certificateFile, let keyFile = configuration.privateKeyFile {
            certificate = try read(certificateFile)
            key = try read(keyFile)
        } else {
            (certificate, key) = try selfSigned(configuration)
        }
        do {
            return TLSMaterial(
                context: try TLSContext.server(
                    certificateChainPEM: certificate, keyPEM: key, applicationProtocols: applicationProtocols,
                    limits: configuration.network),
                identity: CertificateIdentity(
                    fingerprint: try Certificate.fingerprint(ofPEM: certificate),
                    publicKeyPin: try Certificate.publicKeyPin(ofPEM: certificate), isSelfSigned: isSelfSigned
                ))
        } catch {
            throw StartError(
                exitCode: 78,
                "the certificate \(configuration.certificateFile ?? "") cannot be used: \(error)")
        }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let bytes = try PrivateFile.read(path, byteLimit: fileByteLimit) else {
            throw StartError(exitCode: 78, "there is no file \(path)")
        }
        return bytes
    }

    /// The certificate of the first start, kept in the data directory.
    private static func selfSigned(_ configuration: ServerConfiguration) throws -> ([UInt8], [UInt8]) {
        let folder = configuration.dataDirectory + "/keys"
        let certificatePath = folder + "/certificate.pem"
        let keyPath = folder + "/certificate-key.pem"
        if let certificate = try PrivateFile.read(certificatePath, byteLimit: fileByteLimit),
            let key = try PrivateFile.read(keyPath, byteLimit: fileByteLimit)
        {
            return (certificate, key)
        }
        var names = [configuration.serverName]
        for name in ["localhost", "127.0.0.1", "::1"] where !names.contains(name) { names.append(name) }
        let made = try Certificate.makeSelfSigned(
            commonName: configuration.serverName, subjectAlternativeNames: names, validDays: 3650)
        // The key first: a certificate without its key would stop the next start.
        try PrivateFile.write(made.keyPEM, to: keyPath)
        try PrivateFile.write(made.certificatePEM, to: certificatePath)
        return (made.certificatePEM, made.keyPEM)
    }
}
