/// Ends the program with a sentence unless the condition holds: a precondition, whose sentence `-O` leaves out.
///
/// For mistakes in the code of an operation or a network. What a study's author can set wrong is an error.
@inlinable @inline(__always)
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
