// Files that are complete or not there: written beside their place, checked, and moved into it.

import Foundation

/// Writing so that a reader never sees half a file, and a full disk never costs the file that was there
/// before.
///
/// The bytes go to a temporary file in the same folder (a move is atomic only within one file system), every
/// write is checked, the file is flushed to disk, moved over the old one, and then the folder is flushed as
/// well: without that last step the move itself could be lost in a power cut.
public enum AtomicFile {
  /// The system's `write`, or in a test, a full disk.
  package typealias SystemWrite = (Int32, UnsafeRawPointer, Int) -> Int

  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write(bytes, to: path, using: { Foundation.write($0, $1, $2) })
  }

  package static func write(_ bytes: [UInt8], to path: String, using systemWrite: SystemWrite) throws {
    let temporary = temporaryName(beside: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path: path, action: "could not be created", errno: errno) }
    do {
      defer { close(descriptor) }
      try bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
          let slice = UnsafeRawBufferPointer(rebasing: rest)
          guard let start = slice.baseAddress else { return }
          let count = systemWrite(descriptor, start, slice.count)
          if count < 0 {
            if errno == EINTR { continue }
            throw FileError(path: path, action: "could not be written", errno: errno)
          }
          rest = rest.dropFirst(count)
        }
      }
    } catch {
      unlink(temporary)
      throw error
    }
    try publish(temporary, as: path)
  }

  /// Flushes a finished temporary file to disk and moves it to its place; removes it when that fails.
  package static func publish(_ temporary: String, as path: String) throws {
    do {
      try flush(temporary, flags: O_RDONLY, reportedAs: path)
      guard rename(temporary, path) == 0 else {
        throw FileError(path: path, action: "could not be moved into place", errno: errno)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    try flush(folder(of: path), flags: O_RDONLY | O_DIRECTORY, reportedAs: path)
  }

  /// A name in the same folder that no other process or thread uses. It is hidden, so no reader's pattern matches it.
  package static func temporaryName(beside path: String) -> String {
    let name = (path as NSString).lastPathComponent
    return folder(of: path) + "/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
  }

  /// Removes the temporary files of processes that were killed. Call it only when no other process writes there.
  package static func removeLeftovers(in folders: [String]) {
    for folder in folders {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      where name.hasPrefix(".") && name.hasSuffix(".tmp") {
        unlink(folder + "/" + name)
      }
    }
  }

  /// Makes a folder and its parents; does nothing when it exists.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(
        path: path, reason: "this folder could not be created",
        cure: "check that nothing else has that name and that you may write there, or choose another")
    }
  }

  private static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  private static func flush(_ path: String, flags: Int32, reportedAs reported: String) throws {
    let descriptor = open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: reported, action: "could not be flushed to disk", errno: errno)
    }
    defer { close(descriptor) }
    // EINVAL: this file system does not flush folders, and nothing more can be done.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileError(path: reported, action: "could not be flushed to disk", errno: errno)
    }
  }
}
