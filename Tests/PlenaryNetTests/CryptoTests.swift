// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import Testing

@Suite struct DigestTests {
    @Test func sha256AgreesWithFIPS180() {
        #expect(
            hex(SHA256Digest.hash(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex(SHA256Digest.hash([]))
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func hasherAgreesWithTheWholeHoweverTheBytesArrive() {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = SHA256Digest.hash(bytes)
        for pieceCount in [1, 7, 64, 4096, 10_000] {
            let hasher = SHA256Hasher()
            for start in stride(from: 0, to: bytes.count, by: pieceCount) {
                hasher.update(bytes[start..<min(bytes.count, start + pieceCount)])
            }
            #expect(hasher.finalize() == whole)
            hasher.update(Array("abc".utf8))
            #expect(hasher.finalize() == SHA256Digest.hash(Array("abc".utf8)), "it starts afresh")
        }
    }

    @Test func hmacAgreesWithRFC4231() {
        #expect(
            hex(HMACSHA256.authenticate(Array("Hi There".utf8), key: [UInt8](repeating: 0x0B, count: 20)))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            hex(HMACSHA256.authenticate(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = "Test Using Larger Than Block-Size Key - Hash Key First"
        #expect(
            hex(HMACSHA256.authenticate(Array(long.utf8), key: [UInt8](repeating: 0xAA, count: 131)))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test func emptyKeyAndMessageHaveACode() {
        #expect(
            hex(HMACSHA256.authenticate([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func constantTimeComparisonIsEquality() {
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
        #expect(constantTimeEquals([], []))
    }
}

@Suite struct ScryptTests {
    private func derive(
        _ password: String, _ salt: String, _ logN: UInt8, _ r: UInt8, _ p: UInt8
    ) throws -> String {
        let key = try Scrypt.derive(
            password: Array(password.utf8), salt: Array(salt.utf8), logN: logN, r: r, p: p, byteCount: 64)
        return hex(key)
    }

    @Test func scryptAgreesWithRFC7914() throws {
        #expect(
            try derive("", "", 4, 1, 1)
                == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")
        #expect(
            try derive("password", "NaCl", 10, 8, 16)
                == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")
        #expect(
            try derive("pleaseletmein", "SodiumChloride", 14, 8, 1)
                == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")
    }

    @Test func theDefaultCostIsNotStoppedByTheLibrarysMemoryLimit() throws {
        let key = try Scrypt.derive(
            password: [1], salt: [2], logN: ScryptLimits.defaultLogN, r: ScryptLimits.defaultR, p: 1,
            byteCount: ScryptLimits.keyByteCount)
        #expect(key.count == 32)
    }

    @Test(arguments: [
        (0, 8, 1, 32), (21, 8, 1, 32), (20, 255, 1, 32), (4, 0, 1, 32), (4, 1, 0, 32), (4, 1, 1, 0),
    ])
    func costsBeyondTheLimitsAreRefused(_ logN: UInt8, _ r: UInt8, _ p: UInt8, _ count: Int) {
        #expect(throws: CryptoError.self) {
            try Scrypt.derive(password: [1], salt: [2], logN: logN, r: r, p: p, byteCount: count)
        }
    }
}

@Suite struct BlockCipherTests {
    @Test func oneBlockAgreesWithFIPS197() throws {
        let cipher = try BlockCipher(key: try #require(bytes(hex: "000102030405060708090a0b0c0d0e0f")))
        let encrypted = cipher.encrypt(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)
        #expect(encrypted == (0x69C4_E0D8_6A7B_0430, 0xD8CD_B780_70B4_C55A))
        #expect(
            cipher.decrypt(high: encrypted.0, low: encrypted.1) == (
                0x0011_2233_4455_6677, 0x8899_AABB_CCDD_EEFF
            ))
    }

    @Test func manyBlocksComeBack() throws {
        let cipher = try BlockCipher(key: SecureRandom.bytes(16))
        for number in 0..<1000 as Range<UInt64> {
            let encrypted = cipher.encrypt(high: number, low: ~number)
            #expect(cipher.decrypt(high: encrypted.0, low: encrypted.1) == (number, ~number))
        }
    }

    @Test(arguments: [0, 15, 17, 32]) func keysOfAnotherLengthAreRefused(_ count: Int) {
        #expect(throws: CryptoError.self) { try BlockCipher(key: [UInt8](repeating: 0, count: count)) }
    }
}

@Suite struct EncodingTests {
    @Test func base64AgreesWithRFC4648() {
        let cases = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
            "foobar": "Zm9vYmFy",
        ]
        for (plain, encoded) in cases {
            #expect(base64(Array(plain.utf8)) == encoded)
            #expect(bytes(base64: encoded) == Array(plain.utf8))
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "=", "==", "====", "Z===", "Zm9v=", "Zm9v Zm9v", "Zm9v\r\n", "Zg==Zg==", "Zh==",
        "Zm9=",
        "Zm9-", "Zm9_", "Zé==", "A=AA",
    ])
    func base64OfAnotherFormIsRefused(_ text: String) {
        #expect(bytes(base64: text) == nil)
    }

    @Test func hexadecimalComesBack() {
        #expect(hex([0, 1, 0x7F, 0x80, 0xFF]) == "00017f80ff")
        #expect(bytes(hex: "00017F80ff") == [0, 1, 0x7F, 0x80, 0xFF])
        #expect(bytes(hex: "") == [])
        for text in ["0", "0g", "0x00", " 00"] { #expect(bytes(hex: text) == nil) }
    }

    @Test func base32SurvivesBeingTyped() throws {
        for count in 0..<20 {
            let secret = try SecureRandom.bytes(count)
            #expect(bytes(base32: base32(secret)) == secret)
        }
        let code = base32([0, 0x44, 0x32, 0x14])
        #expect(bytes(base32: code.lowercased()) == [0, 0x44, 0x32, 0x14])
        #expect(
            bytes(base32: code.replacing("0", with: "o").replacing("1", with: "l")) == [0, 0x44, 0x32, 0x14])
        for text in ["U", "0", "000", "00?0", "01"] { #expect(bytes(base32: text) == nil, "\(text)") }
    }

    @Test func everyShortTextIsDecodedOrRefusedWithoutATrap() throws {
        for _ in 0..<2000 {
            let text = String(decoding: try SecureRandom.bytes(9), as: UTF8.self)
            _ = bytes(hex: text)
            _ = bytes(base64: text)
            _ = bytes(base32: text)
        }
    }
}

@Suite struct CertificateTests {
    @Test func selfSignedCertificateIsForItsNames() throws {
        let names = ["chat.example.org", "*.example.net", "192.0.2.7", "2001:db8::1"]
        let made = try Certificate.makeSelfSigned(
            commonName: "chat", subjectAlternativeNames: names, validDays: 30)
        #expect(
            try Certificate.subjectAlternativeNames(ofPEM: made.certificatePEM)
                == ["chat.example.org", "*.example.net", "192.0.2.7", "2001:db8:0:0:0:0:0:1"])
        for name in ["chat.example.org", "CHAT.example.ORG", "a.example.net", "192.0.2.7", "2001:db8::1"] {
            #expect(try Certificate.matches(hostname: name, pem: made.certificatePEM), "\(name)")
        }
        for name in [
            "example.org", "a.b.example.net", "192.0.2.8", "2001:db8::2", "", "chat.example.org\0.evil",
        ] {
            #expect(try !Certificate.matches(hostname: name, pem: made.certificatePEM), "\(name)")
        }
    }

    @Test func keyBelongsToItsCertificateOnly() throws {
        let one = try Certificate.makeSelfSigned(commonName: "one", subjectAlternativeNames: [], validDays: 1)
        let two = try Certificate.makeSelfSigned(commonName: "two", subjectAlternativeNames: [], validDays: 1)
        #expect(try Certificate.keyMatches(certificatePEM: one.certificatePEM, keyPEM: one.keyPEM))
        #expect(try !Certificate.keyMatches(certificatePEM: one.certificatePEM, keyPEM: two.keyPEM))
        #expect(
            try Certificate.fingerprint(ofPEM: one.certificatePEM)
                != Certificate.fingerprint(ofPEM: two.certificatePEM))
        #expect(try Certificate.publicKeyPin(ofPEM: one.certificatePEM).count == 32)
    }

    @Test func certificateEndsWhenItWasAskedTo() throws {
        let short = try Certificate.makeSelfSigned(commonName: "a", subjectAlternativeNames: [], validDays: 1)
        let long = try Certificate.makeSelfSigned(
            commonName: "a", subjectAlternativeNames: [], validDays: 366)
        let difference =
            try Certificate.notAfter(ofPEM: long.certificatePEM)
            - Certificate.notAfter(ofPEM: short.certificatePEM)
        #expect((365 * 86_400 - 60...365 * 86_400 + 60).contains(difference))
    }

    @Test(arguments: ["", "with space", "DNS:x,\nIP:y", "é.example", String(repeating: "a", count: 254)])
    func namesThatAreNoneAreRefused(_ name: String) {
        #expect(throws: CryptoError.self) {
            try Certificate.makeSelfSigned(commonName: "a", subjectAlternativeNames: [name], validDays: 1)
        }
    }

    @Test func damagedPEMIsRefused() throws {
        let made = try Certificate.makeSelfSigned(
            commonName: "a", subjectAlternativeNames: ["b"], validDays: 1)
        let pem = made.certificatePEM
        for damaged in [[], Array("nonsense".utf8), made.keyPEM, Array(pem.prefix(pem.count / 2))] {
            #expect(throws: CryptoError.self) { try Certificate.fingerprint(ofPEM: damaged) }
        }
        for place in stride(from: 30, to: pem.count - 30, by: 17) {
            var damaged = pem
            damaged[place] ^= 0x15
            _ = try? Certificate.fingerprint(ofPEM: damaged)
        }
    }
}
