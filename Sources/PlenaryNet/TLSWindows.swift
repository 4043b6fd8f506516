// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The two windows through which all TLS engines of one owner see the network: bytes that have come
/// in, and room for bytes to go out. They are shared, so that an idle engine holds no buffer; the
/// owner gives an engine its input and takes its output before it turns to another engine.
package final class TLSWindows {
    /// What the library's stream callbacks see.
    struct State {
        var input: UnsafeRawPointer?
        var inputCount = 0
        let output: UnsafeMutableRawPointer
        var outputCount = 0
        let outputCapacity: Int
    }

    /// Lives as long as this object, at one place, for the engines keep its address.
    let state: UnsafeMutablePointer<State>

    /// Windows with room for `outputCapacity` bytes to go out.
    package init(outputCapacity: Int = 96 << 10) {
        precondition(outputCapacity > 0, "Output needs room.")
        // SAFETY: allocated and initialized here, deinitialized and freed once in `deinit`; every
        // engine keeps a reference to this object, so the callbacks never outlive the memory.
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                output: .allocate(byteCount: outputCapacity, alignment: 16), outputCapacity: outputCapacity))
    }

    deinit {
        state.pointee.output.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Bytes an engine has not taken yet.
    package var unreadCount: Int { state.pointee.inputCount }

    /// Those bytes, while the body of `withInput` runs.
    var unread: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: state.pointee.input, count: state.pointee.inputCount)
    }

    /// Room left for output, in bytes.
    package var room: Int { state.pointee.outputCapacity - state.pointee.outputCount }

    /// Shows `bytes` to the engine called in `body`; they need not outlive it.
    package func withInput<Result, Failure: Error>(
        _ bytes: UnsafeRawBufferPointer, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        state.pointee.input = bytes.baseAddress
        state.pointee.inputCount = bytes.count
        defer {
            state.pointee.input = nil
            state.pointee.inputCount = 0
        }
        return try body()
    }

    /// What has been put out and not taken. Valid until an engine is called again.
    package var output: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: state.pointee.output, count: state.pointee.outputCount)
    }

    /// Marks all output as taken.
    package func clearOutput() { state.pointee.outputCount = 0 }

    /// A stream over these windows for one engine, to be given to the library.
    func makeStream() -> OpaquePointer? {
        guard let method = streamMethod, let stream = BIO_new(method) else { return nil }
        BIO_set_data(stream, state)
        BIO_set_init(stream, 1)
        return stream
    }
}

// SAFETY: made once, by the language's once-only initialization of globals, and never changed; the
// library only reads it.
private nonisolated(unsafe) let streamMethod: OpaquePointer? = {
    let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let method = BIO_meth_new(type, "plenary windows") else { return nil }
    BIO_meth_set_read(method, readFromWindow)
    BIO_meth_set_write(method, writeToWindow)
    BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    return method
}()

// SAFETY of both callbacks: the data of a stream is the state its `TLSWindows` set at creation; the
// library gives `count` valid bytes at `bytes`; all on the owner's queue, for an engine is not
// Sendable and its calls are synchronous.

private let readFromWindow: @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, Int32) -> Int32 = {
    stream, bytes, count in
    plenary_BIO_clear_retry_flags(stream)
    guard let bytes, count > 0, let data = BIO_get_data(stream) else { return -1 }
    let state = data.assumingMemoryBound(to: TLSWindows.State.self)
    let taken = min(Int(count), state.pointee.inputCount)
    guard taken > 0, let input = state.pointee.input else {
        plenary_BIO_set_retry_read(stream)
        return -1
    }
    UnsafeMutableRawPointer(bytes).copyMemory(from: input, byteCount: taken)
    state.pointee.input = input + taken
    state.pointee.inputCount -= taken
    return Int32(taken)
}

private let writeToWindow: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = {
    stream, bytes, count in
    plenary_BIO_clear_retry_flags(stream)
    guard let bytes, count > 0, let data = BIO_get_data(stream) else { return -1 }
    let state = data.assumingMemoryBound(to: TLSWindows.State.self)
    let put = min(Int(count), state.pointee.outputCapacity - state.pointee.outputCount)
    guard put > 0 else {
        plenary_BIO_set_retry_write(stream)
        return -1
    }
    (state.pointee.output + state.pointee.outputCount).copyMemory(from: bytes, byteCount: put)
    state.pointee.outputCount += put
    return Int32(put)
}
