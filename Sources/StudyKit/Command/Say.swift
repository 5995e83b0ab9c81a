@preconcurrency import Foundation
import Learning

/// A line on standard error. One that cannot be written, on a full disk, must not end the program.
package func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

/// Checks at the end of a program that everything it has printed was written.
///
/// - Throws: `FileError` when it was not, as on a full disk.
package func checkStandardOutput() throws {
  guard fflush(stdout) != 0 || ferror(stdout) != 0 else { return }
  throw FileError(path: "standard output", action: "could not be written", errno: errno)
}
