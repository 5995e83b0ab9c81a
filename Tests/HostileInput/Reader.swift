// The readers of files that somebody else may have written, cut or changed, each with what it promises.

import Foundation
import Learning
import StudyKit
import Worlds

/// A reader of files: whatever the bytes, it reads them or refuses with a sentence of its own.
public struct Reader: Sendable, CustomStringConvertible {
  public let name: String
  /// Whole files, to be damaged.
  public let examples: [[UInt8]]
  /// What means something to the reader, and so is worth putting in.
  public let words: [[UInt8]]
  private let read: @Sendable ([UInt8]) throws -> Bool

  public var description: String { name }

  /// Whether the reader takes these bytes as a file.
  ///
  /// - Throws: what is no refusal of the reader's own, and `BrokenPromise` when it takes what it should not.
  public func reads(_ bytes: [UInt8]) throws -> Bool {
    do {
      return try read(bytes)
    } catch is FileError {
      return false
    } catch is CSVError {
      return false
    }
  }

  public static let all: [Reader] = [plainIDX, packedIDX, checkpoint, csv, record, picture]
}

/// What a reader took and should not have taken.
public struct BrokenPromise: Error, CustomStringConvertible {
  public let description: String
}

private func promise(_ isKept: Bool, _ words: String) throws {
  if !isKept { throw BrokenPromise(description: words) }
}

extension Reader {
  private static let idxFiles: [[UInt8]] = [
    idx([2, 3, 3], Array(UInt8(0)..<18)), idx([7], [5, 0, 4, 1, 9, 2, 1]), idx([0, 28, 28], []),
    idx([1, 1, 1, 1], [255]),
  ]

  private static let zeros: [UInt8] = idx([4_000], [UInt8](repeating: 0, count: 4_000))

  /// Images and labels, plain.
  static let plainIDX: Reader = Reader(
    name: "IDX", examples: idxFiles, words: [[0, 0, 8, 3], [0, 0, 8, 255], [0x1F, 0x8B]]
  ) {
    try readIDX($0)
  }

  /// The same, packed by gzip. Here the stream is damaged; `plainIDX` covers damage to the content.
  static let packedIDX: Reader = Reader(
    name: "gzip", examples: idxFiles.map(gzip) + [gzip(zeros)],
    words: [[0x1F, 0x8B, 8], [0x1F, 0x8B, 8, 0x1C], [0, 0, 0xFF, 0xFF], [3, 0]]
  ) { try readIDX($0) }

  private static func readIDX(_ bytes: [UInt8]) throws -> Bool {
    let file = try IDXFile(bytes: bytes, name: "file")
    try promise(file.values.count == file.dimensions.reduce(1, *), "as many values as the dimensions say")
    return true
  }

  /// Its header is where the structure is, so its numbers are few.
  static let checkpoint: Reader = Reader(
    name: "checkpoint",
    examples: [
      Checkpoint(
        metadata: ["step": "12", "configuration": "{\"seed\":1}"],
        tensors: [
          ("core", [2, 3], [1, 2, 3, 4, 5, 6]), ("bias", [2], [-1, .infinity]), ("none", [0, 4], []),
        ]),
      Checkpoint(metadata: [:], tensors: [("w", [1, 1], [0.5])]),
    ].compactMap { try? $0.encoded() },
    words: [
      "{}", "[[", "\"F32\"", "\"BF16\"", "data_offsets", "__metadata__", "null", "true", "\\u0000", "-1,",
    ]
    .map { Array($0.utf8) }
  ) { bytes in
    let file = try Checkpoint(bytes: bytes, path: "file")
    let numbers = file.tensors.reduce(0) { $0 + $1.values.count }
    try promise(4 * numbers <= bytes.count, "no more numbers than there are bytes for")
    for tensor in file.tensors {
      try promise(tensor.shape.reduce(1, *) == tensor.values.count, "as many numbers as the shape says")
    }
    let again = try Checkpoint(bytes: file.encoded(), path: "file")
    try promise(again.metadata == file.metadata, "the same text after writing and reading")
    for (one, other) in zip(file.tensors, again.tensors) {
      try promise(
        one.name == other.name && one.shape == other.shape
          && one.values.map(\.bitPattern) == other.values.map(\.bitPattern),
        "the same tensors after writing and reading")
    }
    return true
  }

  static let csv: Reader = Reader(
    name: "CSV",
    examples: [
      "condition,seed,error_percent\nram-6,1,4.08\nram-8,-2,1e-05\n",
      "condition,seed,error_percent\n\"a, \"\"b\"\"\",3,\n,12345678901234567890,-0.00\n",
    ].map { Array($0.utf8) },
    words: ["\"\"", "\"\n", "\r\n", ",,", "nan", "1e999", "1e-999", ".", "-", "\u{301}", "\u{FEFF}", "\n\n"]
      .map { Array($0.utf8) }
  ) { bytes in
    let table = try CSVTable(parsing: String(decoding: bytes, as: UTF8.self), of: "file")
    try promise(Set(table.header).count == table.header.count, "columns named once each")
    return true
  }

  /// Its key holds for its configuration; the rest may be any numbers and words of the right kind.
  static let record: Reader = Reader(
    name: "record",
    examples: [
      """
      {"condition":"ram-6","seed":1,"key":"7054c492","parameters":421,"configuration":
      {"kind":"run","seed":1,"network":{"kind":"attention","glimpses":6,"patch_side":8},
      "training":{"kind":"training","rate":0.01}},
      "curve":[{"epoch":1,"examples":2560,"learning_rate":0.01,"scheduled":{"location_deviation":0.1},
      "train_error_percent":71.25,"metrics":{"cross_entropy":2.1},"gradient_norm":1.5,
      "validation_error_percent":65.5}],
      "test":{"examples":100,"loss":1.5,"error_percent":64,"sampled_error_percent":65.5},"seconds":[0.5],
      "origins":[{"commit":"d16e85d","uncommitted_changes":false,"swift":"6.3","libraries":{"oneDNN":"3.1.0"},
      "processor":"x","instruction_sets":["AVX2"]}]}
      """
    ].map { Array($0.utf8) },
    words: ["{}", "[]", "null", "1e400", "\\ud800", "\"seed\":", "\"failure\":\"x\","].map { Array($0.utf8) }
  ) { bytes in
    let record = try RunRecord(json: bytes)
    try promise(record.key == record.configuration.key, "the key of its configuration")
    return true
  }

  /// PNG and PGM, of every kind.
  static let picture: Reader = Reader(
    name: "picture",
    examples: [
      png(width: 3, height: 2, rows: [[0, 128, 255], [1, 2, 3]]),
      png(width: 2, height: 1, depth: 16, colour: 2, rows: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]),
      png(width: 9, height: 1, depth: 1, rows: [[0xA5, 0x80]]),
      png(width: 2, height: 1, colour: 6, rows: [[255, 0, 0, 128, 0, 255, 0, 255]]),
      png(
        width: 2, height: 1, colour: 3, rows: [[0, 1]],
        chunks: [("PLTE", [1, 2, 3, 200, 201, 202]), ("tRNS", [7])]),
    ]
      + ["P2\n# grey\n3 2 15\n0 1 2\n3 4 15\n", "P5 2 2 255\nabcd", "P5\n1 1 65535\nab"].map {
        Array($0.utf8)
      },
    words: ["P2 ", "P5\n", "#", "IHDR", "IDAT", "tRNS", "gAMA", "iCCP", "zTXt", "IEND", "65536 "].map {
      Array($0.utf8)
    }
  ) { bytes in
    let image = try GrayImage(bytes: bytes, name: "file")
    try promise(
      image.width > 0 && image.height > 0 && image.pixels.count == image.width * image.height,
      "as many pixels as width and height say")
    try promise(
      image.pixels.count <= 8 * 1032 * bytes.count, "no more pixels than deflate can make of the bytes")
    return true
  }
}
