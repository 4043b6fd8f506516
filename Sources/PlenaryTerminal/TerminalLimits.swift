// SPDX-License-Identifier: Apache-2.0

/// What a piece of text may cost on the screen.
package enum TerminalLimits {
    /// Unicode scalars of one glyph, its base among them. The longest emoji that Unicode recommends has 10.
    /// What a cluster carries beyond that is not painted; the cluster itself stays as it was received.
    package static let glyphScalarLimit = 10
    /// Columns of a tab, wherever it stands: tab stops would move when a line is set from right to left.
    package static let tabColumnCount = 4
}
