import Foundation

/// A line on standard error. One that cannot be written, on a full disk, must not end the program.
package func say(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
}
