import Foundation
import Learning
import Testing

@testable import StudyKit

@Test("a file is written whole, over the one before, with nothing left beside it")
func writesWhole() throws {
  let folder = try TemporaryFolder()
  try AtomicFile.write("first", to: folder["a.csv"])
  let large = [UInt8](repeating: 7, count: 300_000)
  try AtomicFile.write(large, to: folder["a.csv"])
  #expect(try folder.bytes("a.csv") == large)
  try AtomicFile.write([], to: folder["a.csv"])
  #expect(try folder.bytes("a.csv").isEmpty)
  #expect(try folder.names() == ["a.csv"])
}

@Test("a disk that is full after four bytes leaves the old file and no temporary one, and the error says so")
func fullDisk() throws {
  let folder = try TemporaryFolder()
  try AtomicFile.write("the old file", to: folder["a.csv"])
  var written = 0
  #expect {
    try AtomicFile.write(
      Array("the new file".utf8), to: folder["a.csv"],
      using: { descriptor, bytes, count in
        guard written < 4 else {
          errno = ENOSPC
          return -1
        }
        written += min(count, 4)
        return write(descriptor, bytes, min(count, 4))
      })
  } throws: { error in
    let text = "\(error)"
    return text.hasPrefix(folder["a.csv"]) && text.contains("No space left")
      && text.contains("free some space")
  }
  #expect(written == 4)
  #expect(try folder.text("a.csv") == "the old file")
  #expect(try folder.names() == ["a.csv"])
}

@Test("writes that the system cuts short or interrupts are carried on")
func shortWrites() throws {
  let folder = try TemporaryFolder()
  var calls = 0
  try AtomicFile.write(
    Array("in pieces".utf8), to: folder["a.csv"],
    using: { descriptor, bytes, _ in
      calls += 1
      if calls % 2 == 1 {
        errno = EINTR
        return -1
      }
      return write(descriptor, bytes, 1)
    })
  #expect(try folder.text("a.csv") == "in pieces")
  #expect(calls == 18)
}

@Test("a move that fails leaves what stands there and no temporary file")
func failingMove() throws {
  let folder = try TemporaryFolder()
  try AtomicFile.makeFolder(folder["a.csv/inside"])
  #expect(throws: FileError.self) { try AtomicFile.write("text", to: folder["a.csv"]) }
  #expect(try folder.names() == ["a.csv"])
}

@Test("a folder that is gone is named in the error")
func vanishedFolder() throws {
  let folder = try TemporaryFolder()
  let path = folder["gone/a.csv"]
  #expect {
    try AtomicFile.write("text", to: path)
  } throws: {
    "\($0)".contains(path) && "\($0)".contains("No such file")
  }
}

@Test("a folder cannot be made where a file is")
func folderOverFile() throws {
  let folder = try TemporaryFolder()
  try AtomicFile.write("text", to: folder["a"])
  try AtomicFile.makeFolder(folder["b/c"])
  try AtomicFile.makeFolder(folder["b/c"])
  #expect(throws: FileError.self) { try AtomicFile.makeFolder(folder["a/c"]) }
}

@Test("a folder has one lock at a time; the refusal says which process holds it")
func lockIsExclusive() throws {
  let folder = try TemporaryFolder()
  var lock: FolderLock? = try FolderLock(folder: folder.path)
  #expect {
    try FolderLock(folder: folder.path)
  } throws: {
    "\($0)".contains("process \(getpid()) on ") && "\($0)".contains(folder.path)
  }
  withExtendedLifetime(lock) {}
  lock = nil
  #expect(throws: Never.self) { try FolderLock(folder: folder.path) }
}

@Test(
  "another process is refused too", .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/flock")))
func lockHoldsAcrossProcesses() throws {
  let folder = try TemporaryFolder()
  func otherProcessGetsIn() -> Bool {
    Command.output(["flock", "--nonblock", folder[".lock"], "true"]) != nil
  }
  var lock: FolderLock? = try FolderLock(folder: folder.path)
  #expect(!otherProcessGetsIn())
  withExtendedLifetime(lock) {}
  lock = nil
  #expect(otherProcessGetsIn())
}
