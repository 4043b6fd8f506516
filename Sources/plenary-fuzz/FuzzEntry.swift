// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryFuzz

/// The target that PLENARY_FUZZ_TARGET names. Without one, the targets with their limits are listed.
private let target: FuzzTarget = {
    let name = getenv("PLENARY_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    if let target = FuzzTarget.named(name) { return target }
    for target in FuzzTarget.all { print(target.name, target.byteLimit) }
    // libFuzzer takes an `exit` for a crash, ends the process itself, and nothing is flushed.
    fflush(nil)
    _exit(name.isEmpty ? 0 : 64)
}()

/// What libFuzzer calls for each input (https://llvm.org/docs/LibFuzzer.html, "Fuzz Target"). A claim that does not
/// hold ends it as a trap does.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count <= target.byteLimit else { return -1 }
    // SAFETY: libFuzzer lends `count` bytes for the length of the call, and they are copied.
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    do { try target.check(input) } catch { fatalError("\(target.name): \(error)") }
    return 0
}
