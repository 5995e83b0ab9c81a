import Foundation
import HostileInput
import Learning
import Testing

@Suite("Files that somebody has damaged", .serialized)
struct ReaderTests {
  @Test("100,000 of them are each read or refused by a sentence, at once", arguments: Reader.all)
  func damaged(reader: Reader) throws {
    for example in reader.examples { #expect(try reader.reads(example)) }
    let trial = try Trial(of: reader, files: 100_000, seed: 20_140_624)
    #expect(trial.read + trial.refused == 100_000)
    // Some damage only changes values; a trial that is refused throughout would test the first check alone.
    #expect(trial.read > 200 && trial.refused > 20_000, "\(trial.read) read, \(trial.refused) refused")
    #expect(trial.longest.seconds < 0.5, "\(trial.longest)")
  }

  /// A checkpoint of one tensor, its header as given.
  private static func checkpoint(_ header: String, numbers: Int = 8, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: numbers)
  }

  private static func entry(_ shape: String, _ offsets: String) -> String {
    "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }

  static let claims: [(name: String, file: [UInt8])] = [
    ("IDX: 2^31 images", idx([1 << 31, 28, 28], [1, 2, 3])),
    ("IDX: a gigabyte but for the header", idx([(1 << 30) - 64], [1, 2, 3])),
    ("IDX: 255 dimensions of 2^32-1", idx([Int](repeating: 0xFFFF_FFFF, count: 255), [])),
    ("gzip: a gigabyte", gzip(idx([(1 << 30) - 64], [1, 2, 3]))),
    // Its trailer's length is not its own, which no reader should take for a size to ask for.
    ("gzip: a length of 2^32-1", gzip(idx([3], [1, 2, 3])).dropLast(4) + [0xFF, 0xFF, 0xFF, 0xFF]),
    ("checkpoint: a header of 2^60 bytes", checkpoint("{}", length: 1 << 60)),
    ("checkpoint: a header of 2^64-1 bytes", checkpoint("{}", length: .max)),
    ("checkpoint: 2^60 numbers", checkpoint(entry("[1152921504606846976]", "[0,4611686018427387904]"))),
    ("checkpoint: 2^60 numbers in 8 bytes", checkpoint(entry("[1152921504606846976]", "[0,8]"))),
    ("checkpoint: a shape whose product overflows", checkpoint(entry("[4294967296,4294967296]", "[0,0]"))),
    ("checkpoint: negative offsets", checkpoint(entry("[2]", "[-8,0]"))),
    ("PNG: 2^31-1 pixels a side", png(width: (1 << 31) - 1, height: (1 << 31) - 1, rows: [[1]])),
    ("PNG: a gigabyte of pixels", png(width: 1 << 15, height: 1 << 15, rows: [[1]])),
    ("PNG: 30 million pixels", png(width: 6_000, height: 5_000, rows: [[1]])),
    // libpng asks for the memory of a chunk's length before it reads the chunk.
    (
      "PNG: a chunk of a gigabyte",
      Array(png(width: 1, height: 1, rows: [[1]]).dropLast(12) as ArraySlice) + Array("IDATzTXt".utf8) + [
        0, 0, 0, 0,
      ]
    ),
    ("PGM: 30 million pixels", Array("P5 6000 5000 255 1".utf8)),
    ("PGM: 2^64 pixels", Array("P2 4294967295 4294967295 255 1".utf8)),
    ("PGM: a width of 30 digits", Array("P2 123456789012345678901234567890 1 255 1".utf8)),
  ]

  @Test("a size that a file claims and does not have is neither believed nor asked for", arguments: claims)
  func claim(name: String, file: [UInt8]) throws {
    let before = try #require(peakAddressSpace())
    for reader in Reader.all { #expect(try !reader.reads(file)) }
    // The smallest of the claims is a gigabyte. A process that once was that much larger would hide one;
    // `Scripts/fuzz` looks at every request by itself.
    #expect(try #require(peakAddressSpace()) - before < 1 << 29)
  }

  @Test("tensors that share bytes are refused: a small file would become a large one")
  func sharedBytes() throws {
    let size = 1 << 16
    let entries = (0..<10_000).map {
      "\"\($0)\":{\"dtype\":\"F32\",\"shape\":[\(size / 4)],\"data_offsets\":[0,\(size)]}"
    }
    let header = "{\"__metadata__\":{}," + entries.joined(separator: ",") + "}"
    let before = try #require(peakAddressSpace())
    let file = Self.checkpoint(header, numbers: size)
    let error = #expect(throws: FileError.self) { try Checkpoint(bytes: file, path: "file") }
    #expect(error?.reason.contains("do not lie one after the other") == true, "\(String(describing: error))")
    #expect(try #require(peakAddressSpace()) - before < 1 << 29)
  }

  @Test("whichever bit of a checkpoint is flipped, it is refused or reads the same")
  func everyBit() throws {
    for whole in Reader.all.first(where: { $0.name == "checkpoint" })?.examples ?? [] {
      let expected = try Checkpoint(bytes: whole, path: "file").encoded()
      var refused = 0
      for bit in 0..<(8 * whole.count) {
        var bytes = whole
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let read = try? Checkpoint(bytes: bytes, path: "file") else {
          refused += 1
          continue
        }
        #expect(try read.encoded() == expected, "bit \(bit)")
      }
      #expect(refused > 7 * whole.count)
    }
  }
}
