// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import PlenaryCrypto
import PlenaryServer

/// Checks of a configuration against the machine: certificates, storage, ports. Reads only; safe beside a
/// running server.
package struct EnvironmentChecks {
    let read: ReadConfiguration
    let file: String
    /// Seconds since 1970.
    let now: Int64
    /// The name of a directory's file system when it is one that keeps no promise; nil for a local disk.
    let untrustedFileSystem: (String) -> String?

    package init(
        _ read: ReadConfiguration, file: String, now: Int64,
        untrustedFileSystem: @escaping (String) -> String?
    ) {
        self.read = read
        self.file = file
        self.now = now
        self.untrustedFileSystem = untrustedFileSystem
    }

    private func position(_ path: String) -> FilePosition {
        read.positions[path] ?? FilePosition(line: 1, column: 1)
    }

    // MARK: Certificates

    /// The certificate and its key: readable, belonging together, for our name, not about to end.
    package func checkCertificates(_ findings: inout FindingList) {
        guard let certificatePath = read.server.certificateFile, let keyPath = read.server.privateKeyFile
        else {
            return
        }
        let certificate = contents(of: certificatePath, key: "tls.certificate", findings: &findings)
        let privateKey = contents(of: keyPath, key: "tls.private_key", findings: &findings)
        checkKeyPermissions(keyPath, &findings)
        guard let certificate, let privateKey else { return }
        do throws(CryptoError) {
            let end = try Certificate.notAfter(ofPEM: certificate)
            let dayCount = (end - now) / 86_400
            if end <= now {
                findings.error(
                    file, position("tls.certificate"), "the certificate ended \(-dayCount) days ago")
            } else if dayCount < HostChecks.certificateWarningDays {
                findings.warning(
                    file, position("tls.certificate"), "the certificate ends in \(dayCount) days")
            }
            if try !Certificate.matches(hostname: read.server.serverName, pem: certificate) {
                let names = try Certificate.subjectAlternativeNames(ofPEM: certificate)
                    .prefix(5).map(shortened).joined(separator: ", ")
                findings.warning(
                    file, position("tls.certificate"),
                    "the certificate is not for \(read.server.serverName), but for "
                        + (names.isEmpty ? "no name" : names)
                )
            }
        } catch {
            findings.error(file, position("tls.certificate"), "\(certificatePath) is not a PEM certificate")
            return
        }
        do throws(CryptoError) {
            if try !Certificate.keyMatches(certificatePEM: certificate, keyPEM: privateKey) {
                findings.error(
                    file, position("tls.private_key"), "this private key does not belong to the certificate")
            }
        } catch {
            findings.error(
                file, position("tls.private_key"),
                "\(keyPath) is not a PEM private key, or it is locked by a passphrase")
        }
    }

    private func contents(of path: String, key: String, findings: inout FindingList) -> [UInt8]? {
        switch readWhole(path, byteLimit: 1 << 20) {
        case .success(let bytes): return bytes
        case .failure(let error):
            findings.error(file, position(key), "\(key): \(path): \(error.text)")
            return nil
        }
    }

    private func checkKeyPermissions(_ path: String, _ findings: inout FindingList) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        findings.error(
            file, position("tls.private_key"),
            "\(path) can be read by others than its owner; run: chmod 600 \(path)")
    }

    // MARK: Storage

    /// The data directory: there or creatable, writable, on a disk that can be trusted, not in use.
    package func checkStorage(_ findings: inout FindingList) {
        let directory = read.server.dataDirectory
        let place = position("storage.directory")
        var status = stat()
        guard stat(directory, &status) == 0 else {
            let parent = folder(of: directory)
            let folder = parent.isEmpty ? "." : parent
            if access(folder, W_OK | X_OK) != 0 {
                findings.error(file, place, "\(directory) does not exist and cannot be created in \(folder)")
            }
            return
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            findings.error(file, place, "\(directory) is not a directory")
            return
        }
        if access(directory, R_OK | W_OK | X_OK) != 0 {
            findings.error(file, place, "\(directory) cannot be written by this user")
        }
        if status.st_mode & 0o077 != 0 {
            findings.warning(
                file, place,
                "\(directory) is open to other users of this machine; run: chmod 700 \(directory)")
        }
        checkFileSystem(directory, place, &findings)
    }

    private func checkFileSystem(_ directory: String, _ place: FilePosition, _ findings: inout FindingList) {
        var space = statvfs()
        if statvfs(directory, &space) == 0 {
            let free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
            let needed = UInt64(read.server.segmentByteCount * HostChecks.segmentRoom.needed)
            if free < needed {
                findings.error(
                    file, place,
                    "\(directory) has \(free >> 20) MiB free; two segments, \(needed >> 20) MiB, are needed")
            }
        }
        guard !read.server.allowsAnyFileSystem, let name = untrustedFileSystem(directory) else { return }
        findings.error(
            file, place,
            "\(directory) is on \(name), which does not keep what was synced; use a local disk, "
                + "or set storage.any_file_system: yes")
    }

    // MARK: Ports

    /// Whether each address can be listened on now; only meaningful when no server of ours runs.
    package func checkPorts(_ findings: inout FindingList) {
        for (index, listener) in read.server.listeners.enumerated() where listener.port != 0 {
            guard let problem = bindProblem(listener) else { continue }
            findings.error(
                file, position("listeners.\(index)"),
                "\(listener.address) port \(listener.port) cannot be listened on: \(problem)")
        }
    }

    private func bindProblem(_ listener: ListenerConfiguration) -> String? {
        let isSix = listener.address == "*" || listener.address.contains(":")
        let descriptor = socket(
            isSix ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        return isSix ? bindSix(descriptor, listener) : bindFour(descriptor, listener)
    }

    private func bindFour(_ descriptor: Int32, _ listener: ListenerConfiguration) -> String? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = listener.port.bigEndian
        guard inet_pton(AF_INET, listener.address, &address.sin_addr) == 1 else { return nil }
        // SAFETY: the pointer is used within the call only, and names its own size.
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? nil : String(cString: strerror(errno))
    }

    private func bindSix(_ descriptor: Int32, _ listener: ListenerConfiguration) -> String? {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = listener.port.bigEndian
        if listener.address != "*" {
            guard inet_pton(AF_INET6, listener.address, &address.sin6_addr) == 1 else { return nil }
        }
        // SAFETY: the pointer is used within the call only, and names its own size.
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
        return result == 0 ? nil : String(cString: strerror(errno))
    }
}

/// Why a file could not be read, in the system's words.
package struct ReadFailure: Error, Sendable {
    package var text: String
    package var code: Int32
}

/// A whole file of at most `byteLimit` bytes; never a device or a pipe, which would not end.
package func readWhole(_ path: String, byteLimit: Int) -> Result<[UInt8], ReadFailure> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
        return .failure(ReadFailure(text: String(cString: strerror(errno)), code: errno))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        return .failure(ReadFailure(text: "is not a file", code: EISDIR))
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= byteLimit {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
            return .failure(ReadFailure(text: String(cString: strerror(errno)), code: errno))
        }
        if count == 0 { return .success(bytes) }
        bytes += buffer[..<count]
    }
    return .failure(ReadFailure(text: "is larger than \(byteLimit >> 10) KiB", code: EFBIG))
}
