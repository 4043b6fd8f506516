// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto

extension ClientIdentity {
    /// A new P-256 key with a certificate signed by itself, which an account can be told to accept
    /// (SASL EXTERNAL). `label` names the device, at most 64 bytes; it is no secret.
    public static func make(label: String) throws(ClientError) -> ClientIdentity {
        do throws(CryptoError) {
            let made = try Certificate.makeSelfSigned(
                commonName: label, subjectAlternativeNames: [], validDays: 36_500)
            return ClientIdentity(
                certificatePEM: String(decoding: made.certificatePEM, as: UTF8.self),
                privateKeyPEM: String(decoding: made.keyPEM, as: UTF8.self))
        } catch {
            throw .invalidArgument("no key could be made: \(error)")
        }
    }

    /// SHA-256 of the certificate in 64 hexadecimal digits: the name by which a server knows this device.
    public func fingerprint() throws(ClientError) -> String {
        do throws(CryptoError) {
            return hexadecimal(try Certificate.fingerprint(ofPEM: Array(certificatePEM.utf8)))
        } catch {
            throw .invalidArgument("the certificate cannot be read: \(error)")
        }
    }
}
