import Foundation

/// What many damaged files came to.
public struct Trial {
  public private(set) var read = 0
  public private(set) var refused = 0
  /// Processor time of the file that took longest, and the file.
  public private(set) var longest: (seconds: Double, file: [UInt8]) = (0, [])

  /// Shows the reader so many files.
  ///
  /// - Parameter worked: called after each thousand.
  /// - Throws: `BrokenPromise` with the file in hexadecimal, when the reader does what it should not.
  public init(of reader: Reader, files: Int, seed: UInt64, worked: (Int) -> Void = { _ in }) throws {
    var damage = Damage(seed: seed)
    for number in 1...max(files, 1) {
      let file = damage.file(for: reader)
      let start = Self.processorTime()
      do {
        if try reader.reads(file) { read += 1 } else { refused += 1 }
      } catch {
        throw BrokenPromise(
          description: "\(reader) number \(number) of seed \(seed), \(Self.shown(file)): \(error)")
      }
      let seconds = Self.processorTime() - start
      if seconds > longest.seconds { longest = (seconds, file) }
      if number % 1_000 == 0 { worked(number) }
    }
  }

  private static func shown(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  /// Of this thread, seconds: what others do on the machine takes none of it.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The most address space that this process ever had, bytes: it grows with what is asked for, not only with
/// what is used. Nil where the system does not say.
public func peakAddressSpace() -> Int? {
  guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmPeak:") }),
    let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
      Int($0)
    })
  else { return nil }
  return kilobytes << 10
}
