import Foundation

/// Why a file could not be written, read or held: one sentence with the file, the reason and the cure.
public struct FileError: Error, CustomStringConvertible, LocalizedError, Equatable {
  public let path: String
  public let reason: String
  public let cure: String

  public init(path: String, reason: String, cure: String) {
    self.path = path
    self.reason = reason
    self.cure = cure
  }

  /// The reason and the cure, from `errno`.
  public init(path: String, action: String, errno code: Int32) {
    let cure =
      switch code {
      case ENOSPC, EDQUOT: "free some space on that disk and start again"
      case EACCES, EPERM: "give yourself write permission there or choose another folder"
      case EROFS: "choose a folder on a writable disk"
      case ENOENT, ENOTDIR: "make sure that its folder exists"
      case EISDIR, ENOTEMPTY, EEXIST: "move away what is in its place"
      case EMFILE, ENFILE: "close other programs or raise the limit of open files (ulimit -n)"
      case EPIPE: "let the program that reads it read to the end"
      case EAGAIN: "allow more processes (ulimit -u, or the container's limit) or use fewer threads"
      default: "check the disk and start again"
      }
    self.init(path: path, reason: "\(action): \(String(cString: strerror(code)))", cure: cure)
  }

  public var description: String { "\(path.isEmpty ? "''" : path): \(reason); \(cure)." }
  public var errorDescription: String? { description }
}

extension Data {
  /// The bytes of a file.
  ///
  /// - Throws: `FileError` when it cannot be read.
  package init(
    ofFile path: String, otherwise reason: String = "cannot be read",
    cure: String = "check that it exists and that you may read it"
  ) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: reason, cure: cure)
    }
    self = data
  }
}
