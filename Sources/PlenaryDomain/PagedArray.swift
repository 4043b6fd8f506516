// SPDX-License-Identifier: Apache-2.0

/// An array that only grows, in pages: what is there never moves. A plain array of ten million messages is copied whole
/// when it has to grow, while everybody waits, and leaves holes in the memory that nothing fits into.
struct PagedArray<Element: Sendable>: Sendable {
    /// Elements of a page, as a power of two.
    private static var shift: Int { 10 }
    private static var pageCapacity: Int { 1 << shift }

    /// All full but the last.
    private var pages: [ContiguousArray<Element>] = []
    private(set) var count = 0

    mutating func append(_ element: Element) {
        if count & (PagedArray.pageCapacity - 1) == 0 {
            var page = ContiguousArray<Element>()
            // The first page of many small arrays stays small.
            if count > 0 { page.reserveCapacity(PagedArray.pageCapacity) }
            pages.append(page)
        }
        pages[pages.count - 1].append(element)
        count += 1
    }
}

extension PagedArray: RandomAccessCollection, MutableCollection {
    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(index: Int) -> Element {
        get { pages[index >> PagedArray.shift][index & (PagedArray.pageCapacity - 1)] }
        set { pages[index >> PagedArray.shift][index & (PagedArray.pageCapacity - 1)] = newValue }
    }
}
