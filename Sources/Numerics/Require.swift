/// Ends the program with a sentence unless the condition holds. With `-O`, a precondition would leave out the sentence.
///
/// For mistakes in the code of an operation or a network. A wrong setting by the author of a study is a thrown error.
@inlinable @inline(__always)
public func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
