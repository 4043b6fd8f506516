// SPDX-License-Identifier: Apache-2.0

#if PLANTED
    import Testing

    /// A mistake that the address sanitizer has to end the run for: built by `.ci/sanitize --planted` alone.
    struct PlantedTests {
        @Test func aByteIsWrittenBehindItsBuffer() {
            let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
            defer { bytes.deallocate() }
            bytes[16] = 1
            #expect(bytes[16] == 1)
        }
    }
#endif
