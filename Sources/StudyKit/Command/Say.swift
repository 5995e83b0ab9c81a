import Foundation

/// A line on standard error.
package func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
