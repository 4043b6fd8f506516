// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Whom a text addresses: `@name` anywhere, or `name:` or `name,` at its beginning
/// (docs/extensions/threads.md, "Reading state").
package enum Mentions {
    /// Accounts of one message; those after it are not counted as mentioned.
    package static let countLimit = 16

    /// The accounts that the lines address, each once, in order.
    package static func find(
        in lines: [MessageLine], _ account: (ArraySlice<UInt8>) -> AccountID?
    ) -> [AccountID] {
        // Most messages address nobody; whether one may is told by three bytes.
        let mayAddress = lines.contains { line in
            line.text.bytes.contains { $0 == 64 || $0 == 58 || $0 == 44 }
        }
        guard mayAddress else { return [] }
        var found: [AccountID] = []
        func note(_ name: ArraySlice<UInt8>) {
            guard let id = account(name), !found.contains(id) else { return }
            found.append(id)
        }
        for (index, line) in lines.enumerated() {
            let bytes = line.text.bytes
            if index == 0 {
                let name = bytes.prefix { isNameByte($0) }
                if name.endIndex < bytes.count, bytes[name.endIndex] == 58 || bytes[name.endIndex] == 44 {
                    note(name)
                }
            }
            var position = 0
            while found.count < countLimit, let at = bytes[position...].firstIndex(of: 64) {
                var name = bytes[(at + 1)...].prefix { isNameByte($0) }
                position = max(name.endIndex, at + 1)
                // A full stop ends the sentence and not the name; what precedes an at makes it an address.
                while name.last == 46 { name = name.dropLast() }
                if at == 0 || !isNameByte(bytes[at - 1]) { note(name) }
            }
        }
        return Array(found.prefix(countLimit))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 91, 92, 93, 94, 95, 96, 123, 124, 125: true
        default: false
        }
    }
}
