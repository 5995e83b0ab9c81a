// One process at a time in a results folder.

import Foundation
import Training

/// Holds a results folder for this process until it is released or the process ends, however it ends.
///
/// The lock is the system's (`flock`), not the file's existence, so a killed run leaves nothing to clean up.
/// The file stays where it is: removing it would let a third process lock a new file of the same name.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  public init(folder: String) throws {
    let path = folder + "/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path: path, action: "could not be opened", errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw FileError(path: path, action: "could not be locked", errno: code)
      }
      throw FileError(
        path: folder, reason: "another run is writing here (\(holder))",
        cure: "wait for it, stop it, or choose another folder with --results")
    }
    let line = "process \(getpid()) on \(Self.hostName)\n"
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, line, line.utf8.count, 0) == line.utf8.count
    else {
      let code = errno
      close(descriptor)
      throw FileError(path: path, action: "could not be written", errno: code)
    }
  }

  deinit { close(descriptor) }

  /// The kernel's word; Foundation's would ask the network and may wait for it.
  private static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "this machine" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func holder(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return line.isEmpty ? "process unknown" : line
  }
}
