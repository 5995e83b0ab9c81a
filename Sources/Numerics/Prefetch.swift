import COneDNN

/// Asks the memory for what will be read of an image or a table, every `spacing`-th of the rows, so that it need
/// not be waited for.
///
/// - Parameter width: from the start of one row to that of the next, elements.
public func prefetch<Element>(
  _ start: UnsafePointer<Element>, width: Int, rows: ClosedRange<Int>, columns: ClosedRange<Int>, spacing: Int
) {
  let size = MemoryLayout<Element>.stride
  numeric_prefetch(
    start + rows.lowerBound * width + columns.lowerBound, width * spacing * size,
    (rows.count - 1) / spacing + 1, columns.count * size)
}
