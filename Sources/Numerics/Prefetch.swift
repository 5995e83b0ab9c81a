import COneDNN

/// Prefetches what will be read of an image or a table, in every `spacing`-th of the rows.
///
/// - Parameter width: the distance from the start of one row to the next, in elements.
public func prefetch<Element>(
  _ start: UnsafePointer<Element>, width: Int, rows: ClosedRange<Int>, columns: ClosedRange<Int>, spacing: Int
) {
  let size = MemoryLayout<Element>.stride
  numeric_prefetch(
    start + rows.lowerBound * width + columns.lowerBound, width * spacing * size,
    (rows.count - 1) / spacing + 1, columns.count * size)
}
