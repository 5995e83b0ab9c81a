import Foundation

/// A small disk of its own in memory, for tests that fill it or forbid writing; gone when the test is over.
final class TemporaryDisk {
  let folder: TemporaryFolder
  private var isMounted = false

  /// Only root may mount; a container may still forbid it.
  static let isAllowed: Bool = getuid() == 0 && (try? TemporaryDisk(megabytes: 1)) != nil

  init(megabytes: Int) throws {
    folder = try TemporaryFolder()
    try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder.path])
    isMounted = true
  }

  deinit { if isMounted { try? Self.run("umount", ["--lazy", folder.path]) } }

  /// Leaves so many bytes free.
  func fill(leaving bytes: Int) throws {
    let free = try FileManager.default.attributesOfFileSystem(forPath: folder.path)[.systemFreeSize] as? Int
    try Data(count: max(0, (free ?? 0) - bytes)).write(to: URL(fileURLWithPath: folder["filler"]))
  }

  func freeSpace() throws {
    // Cut, because a removed file keeps its space as long as a process that another test has started has it open.
    truncate(folder["filler"], 0)
    try folder.remove("filler")
  }

  func forbidWriting() throws {
    // A process that another test is just starting has a copy of our open files until it becomes its program.
    let remount = ["-o", "remount,ro", folder.path]
    for _ in 1..<100 {
      if (try? Self.run("mount", remount)) != nil { return }
      usleep(20_000)
    }
    try Self.run("mount", remount)
  }

  private struct CommandFailed: Error { let status: Int32 }

  private static func run(_ command: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CommandFailed(status: process.terminationStatus) }
  }
}
