import Foundation
import Learning

/// Holds a results folder, or one run in it, for this process until it is released or the process ends, however it
/// ends.
///
/// A study on one machine holds the whole folder. Processes that train one run each share the folder, and each holds
/// only its run. Neither kind starts while the other holds anything. On a network file system this works between
/// machines too, if that file system supports locks.
final class FolderLock: Sendable {
  private let locks: [FileLock]

  /// Takes the whole folder, or one run of it.
  init(folder path: String, run name: String? = nil) throws {
    let whole = path + "/.lock"
    guard let folder = try FileLock(whole, shared: name != nil) else {
      let runs = name == nil ? Self.heldRuns(in: path) : []
      throw Self.refusal(
        path,
        runs.isEmpty
          ? "another run is writing here (\(FileLock.holder(whole)))"
          : "single runs are being trained here: " + runs.joined(separator: ", "))
    }
    guard let name else {
      try folder.nameHolder(in: whole)
      locks = [folder]
      return
    }
    let place = "\(path)/checkpoints/.\(name).lock"
    guard let run = try FileLock(place, shared: false) else {
      throw Self.refusal(path, "\(name) is being trained by another process (\(FileLock.holder(place)))")
    }
    try run.nameHolder(in: place)
    locks = [folder, run]
  }

  private static func refusal(_ path: String, _ reason: String) -> FileError {
    FileError(
      path: path, reason: reason, cure: "wait for it, stop it, or choose another folder with --results")
  }

  /// "ram-6-seed1 (process 17 on node4)" for every run that a process holds.
  private static func heldRuns(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/checkpoints")) ?? []
    return names.sorted().filter { $0.hasPrefix(".") && $0.hasSuffix(".lock") }.compactMap { name in
      let place = "\(path)/checkpoints/\(name)"
      do {
        guard try FileLock(place, shared: true, patience: 1) == nil else { return nil }
        return "\(name.dropFirst().dropLast(5)) (\(FileLock.holder(place)))"
      } catch {
        return nil
      }
    }
  }
}

/// The system's lock on a file (`flock`), not the file's existence, so a killed process leaves nothing to clean up.
/// The file stays where it is: removing it would let a third process lock a new file of the same name.
private final class FileLock: Sendable {
  private let descriptor: Int32

  /// Nil when another process holds it.
  ///
  /// - Parameter patience: how many attempts are made, a tenth of a second apart. A process that only asks whether a
  ///   lock is held has it for a moment, and a process that was just killed may still have it.
  init?(_ path: String, shared: Bool, patience: Int = 10) throws {
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw FileError(path: path, action: "could not be opened", errno: errno) }
    var attempts = 1
    while flock(opened, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      let (code, isHeld) = (errno, errno == EWOULDBLOCK || errno == EINTR)
      guard isHeld, attempts < patience else {
        close(opened)
        if isHeld { return nil }
        throw FileError(path: path, action: "could not be locked", errno: code)
      }
      attempts += 1
      usleep(100_000)
    }
    descriptor = opened  // last, because the deinit of a complete object closes it
  }

  deinit { close(descriptor) }

  /// Writes the holder into the file. The machine's name comes from the kernel, because Foundation would ask the
  /// network.
  func nameHolder(in path: String) throws {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, buffer.count - 1)
    let host = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let line = "process \(getpid()) on \(host)\n"
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, line, line.utf8.count, 0) == line.utf8.count
    else { throw FileError(path: path, action: "could not be written", errno: errno) }
  }

  /// "process 17 on node4", as the last holder wrote it.
  static func holder(_ path: String) -> String {
    let line = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(
      in: .whitespacesAndNewlines)
    return line.flatMap { $0.isEmpty ? nil : $0 } ?? "process unknown"
  }
}
