import Foundation

/// The processor's name, and the instruction sets that matter for matrix arithmetic.
struct Processor: Equatable {
  var name = "unknown"
  var instructionSets: [String] = []

  static func current() -> Processor {
    Processor(
      description: String(
        decoding: FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data(), as: UTF8.self))
  }

  /// Reads the text of /proc/cpuinfo: `flags` on x86-64, `Features` on ARM, which often gives no name.
  init(description: String) {
    let relevant = [
      "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl",
      "avx512_vnni",
      "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimdhp", "sve", "sve2",
      "i8mm", "bf16",
    ]
    for line in description.split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard halves.count == 2 else { continue }
      switch halves[0] {
      case "model name" where name == "unknown": name = halves[1]
      case "flags" where instructionSets.isEmpty, "Features" where instructionSets.isEmpty:
        let flags = Set(halves[1].split(separator: " ").map(String.init))
        instructionSets = relevant.filter(flags.contains)
      default: break
      }
    }
  }
}
