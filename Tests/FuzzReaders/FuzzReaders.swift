// Shows damaged files to the readers for as long as one likes. `Scripts/fuzz` builds this with libFuzzer,
// which finds its own damage by what code it reaches; without, the damage is that of the tests, from other
// seeds.

import ArgumentParser
import Foundation
import HostileInput

#if LIBFUZZER
  /// The reader that the environment names; its examples go into the folder that it names.
  private let reader: Reader = {
    let environment = ProcessInfo.processInfo.environment
    guard let reader = Reader.all.first(where: { $0.name == environment["READER"] }) else {
      print("READER is one of " + Reader.all.map(\.name).joined(separator: ", "))
      exit(64)
    }
    if let folder = environment["EXAMPLES"] {
      for (number, example) in reader.examples.enumerated() {
        _ = FileManager.default.createFile(atPath: "\(folder)/example-\(number)", contents: Data(example))
      }
    }
    return reader
  }()

  /// libFuzzer's own `main`, without that name.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  /// What the package manager has `main` mean in an executable of this name.
  @_cdecl("fuzz_readers_main")
  public func start(_ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    _ = reader
    var (count, words) = (count, words)
    return runDriver(&count, &words, test)
  }

  @_cdecl("LLVMFuzzerTestOneInput")
  public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
      _ = try reader.reads(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      fatalError("\(error)")
    }
    return 0
  }
#else
  @main
  struct FuzzReaders: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fuzz-readers",
      abstract: "Shows damaged files to every reader: each must read them or refuse with a sentence.")

    @Option(help: ArgumentHelp("Files for each reader.", valueName: "count"))
    var files = 1_000_000

    @Option(help: ArgumentHelp("What the damage is drawn from.", valueName: "number"))
    var seed: UInt64 = 1

    func validate() throws {
      if files < 1 { throw ValidationError("--files is at least 1, not \(files).") }
    }

    func run() throws {
      for reader in Reader.all {
        let start = Date()
        let trial = try Trial(of: reader, files: files, seed: seed)
        let longest = String(format: "%.1f", trial.longest.seconds * 1e3)
        print(
          "\(reader): \(trial.read) read, \(trial.refused) refused in \(Int(Date().timeIntervalSince(start))) s; "
            + "the slowest took \(longest) ms")
      }
    }
  }
#endif
