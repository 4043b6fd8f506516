// SPDX-License-Identifier: Apache-2.0

/// How much is taken from the keyboard.
package enum InputLimits {
    /// Bytes of one bracketed paste that are kept; what comes beyond is read and dropped. It is more than
    /// `textByteLimit`, so that the composer refuses a cut paste as too long, and nobody posts half a text.
    package static let pasteByteLimit = 65_536
    /// Bytes of parameters in one control sequence. A longer one is swallowed to its end without effect.
    package static let parameterByteLimit = 64
    /// Bytes of UTF-8 of a text being written. An insertion that would exceed it is refused whole.
    package static let textByteLimit = 16_384
    /// Steps that can be undone. The oldest is forgotten.
    package static let undoStepLimit = 200
    /// Clusters that all steps together remember. The oldest steps are forgotten.
    package static let undoClusterLimit = 65_536
}
