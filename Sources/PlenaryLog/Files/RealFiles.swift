// SPDX-License-Identifier: Apache-2.0

import CPlenary
import Glibc

/// The operating system's files.
package struct RealFiles: FileLayer {
    package init() {}

    private func failure(_ call: String) -> FileFailure { FileFailure(call: call, code: errno) }

    package func open(_ path: String, flags: Int32) throws(FileFailure) -> Int32 {
        let file = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
        guard file >= 0 else { throw failure("open") }
        return file
    }

    package func close(_ file: Int32) {
        // What close(2) could still report was reported by the sync before it; nothing here relies on it.
        _ = Glibc.close(file)
    }

    package func pread(
        _ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int {
        let count = Glibc.pread(file, bytes.baseAddress, bytes.count, off_t(position))
        guard count >= 0 else { throw failure("pread") }
        return count
    }

    package func pwrite(
        _ file: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int
    ) throws(FileFailure) -> Int {
        let count = Glibc.pwrite(file, bytes.baseAddress, bytes.count, off_t(position))
        guard count >= 0 else { throw failure("pwrite") }
        return count
    }

    package func fdatasync(_ file: Int32) throws(FileFailure) {
        guard Glibc.fdatasync(file) == 0 else { throw failure("fdatasync") }
    }

    package func fsync(_ file: Int32) throws(FileFailure) {
        guard Glibc.fsync(file) == 0 else { throw failure("fsync") }
    }

    package func fsyncDirectory(_ path: String) throws(FileFailure) {
        let file = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure("open") }
        let result = Glibc.fsync(file)
        let code = errno
        _ = Glibc.close(file)
        guard result == 0 else { throw FileFailure(call: "fsync", code: code) }
    }

    package func ftruncate(_ file: Int32, to byteCount: Int) throws(FileFailure) {
        guard Glibc.ftruncate(file, off_t(byteCount)) == 0 else { throw failure("ftruncate") }
    }

    package func fallocate(_ file: Int32, byteCount: Int) throws(FileFailure) {
        // posix_fallocate returns the error instead of setting errno.
        let code = Glibc.posix_fallocate(file, 0, off_t(byteCount))
        guard code == 0 else { throw FileFailure(call: "fallocate", code: code) }
    }

    package func rename(_ path: String, to newPath: String) throws(FileFailure) {
        guard Glibc.rename(path, newPath) == 0 else { throw failure("rename") }
    }

    package func unlink(_ path: String) throws(FileFailure) {
        guard Glibc.unlink(path) == 0 else { throw failure("unlink") }
    }

    package func makeDirectory(_ path: String) throws(FileFailure) -> Bool {
        if Glibc.mkdir(path, mode_t(0o700)) == 0 { return true }
        guard errno == EEXIST else { throw failure("mkdir") }
        return false
    }

    package func list(_ path: String) throws(FileFailure) -> [String] {
        guard let directory = opendir(path) else { throw failure("opendir") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // SAFETY: d_name is a NUL-terminated array inside the entry, which lives until the next readdir.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    package func byteCount(of file: Int32) throws(FileFailure) -> Int {
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw failure("fstat") }
        return Int(facts.st_size)
    }

    package func dropCache(of file: Int32) {
        // Advice: where it does nothing, the pages read are those of the cache, as without it.
        _ = posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    }

    package func lock(_ file: Int32) throws(FileFailure) -> Bool {
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        // F_OFD_SETLK: the lock belongs to the open file, not to the process.
        let openFileLock: Int32 = 37
        guard fcntl(file, openFileLock, &request) == 0 else {
            if errno == EAGAIN || errno == EACCES { return false }
            throw failure("fcntl")
        }
        return true
    }

    package func facts(ofFileSystemAt path: String) throws(FileFailure) -> FileSystemFacts {
        var facts = statfs()
        guard statfs(path, &facts) == 0 else { throw failure("statfs") }
        let block = Int(facts.f_bsize)
        return FileSystemFacts(
            unsuitableKind: RealFiles.unsuitableKinds[UInt64(truncatingIfNeeded: facts.f_type) & 0xFFFF_FFFF],
            freeByteCount: Int(clamping: facts.f_bavail) &* block,
            totalByteCount: Int(clamping: facts.f_blocks) &* block)
    }

    /// File system magics (statfs(2)) that keep nothing over a crash or lie about syncs.
    private static let unsuitableKinds: [UInt64: String] = [
        0x0102_1994: "tmpfs (memory)", 0x8584_58F6: "ramfs (memory)", 0x6969: "NFS (network)",
        0xFF53_4D42: "CIFS (network)", 0xFE53_4D42: "SMB2 (network)", 0x517B: "SMB (network)",
        0x0102_1997: "9P (network)", 0x00C3_6400: "Ceph (network)", 0x5346_414F: "AFS (network)",
        0x7375_7245: "Coda (network)", 0x0BD0_0BD0: "Lustre (network)",
    ]
}
