// Tables that were changed after they were written: noticed by a checksum, and found by those of their parts.

import Foundation
import Training

/// What a table was when its study wrote it, kept in `provenance.json`.
public struct TableChecksum: Codable, Equatable, Sendable {
  /// CRC-32 of the file, as zlib, gzip and Python's `zlib.crc32` have it.
  public let crc32: String
  public let lines: Int
  /// CRC-32 of parts of equally many lines, with spaces between: which of them changed.
  let parts: String

  /// Up to so many lines each one is a part, so that a table of runs says the very line.
  private static let mostParts = 32  // ours: a line of provenance.json, not a page

  public init(of text: String) {
    let lines = Self.lines(of: text)
    crc32 = CRC32.digits(of: Array(text.utf8)[...])
    self.lines = lines.count
    parts = Self.parts(of: lines, length: Self.partLength(lines: lines.count)).joined(separator: " ")
  }

  /// Why `text` is not the text that was written, with the line where it begins to differ; nil when it is.
  func difference(in text: String, of path: String) -> CSVError? {
    let found = Self.lines(of: text)
    guard crc32 != CRC32.digits(of: Array(text.utf8)[...]) || lines != found.count else { return nil }
    let length = Self.partLength(lines: lines)
    let written = parts.split(separator: " ").map(String.init)
    let present = Self.parts(of: found, length: length)
    let part = zip(written, present).prefix { $0 == $1 }.count
    let (first, last) = (part * length + 1, min((part + 1) * length, max(lines, found.count)))
    let what =
      found.count < lines && first > found.count - length
      ? "the table ends after line \(found.count) of \(lines)"
      : first < last ? "among lines \(first) to \(last) is one" : "this line is one"
    let problem =
      what.hasPrefix("the table")
      ? what : what + " that the study did not write: its checksum in provenance.json is another"
    return CSVError(
      path: path, line: first,
      problem: problem + "; restore the table with 'git restore', or run the study again, which writes it "
        + "from its checkpoints")
  }

  private static func partLength(lines: Int) -> Int { max(1, (lines + mostParts - 1) / mostParts) }

  /// Each with its end, so that a missing last one counts.
  private static func lines(of text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 10 {
      lines.append(bytes[start...index])
      start = index + 1
    }
    if start < bytes.count { lines.append(bytes[start...]) }
    return lines
  }

  private static func parts(of lines: [ArraySlice<UInt8>], length: Int) -> [String] {
    stride(from: 0, to: lines.count, by: length).map { first in
      CRC32.digits(
        of: lines[first..<min(first + length, lines.count)].reduce(into: [UInt8]()) { $0 += $1 }[...])
    }
  }
}

extension TableChecksum {
  /// Compares tables of a results folder with the checksums in its `provenance.json`.
  ///
  /// Results of before checksums were recorded pass: there is nothing to compare them with.
  static func check(_ tables: [String], in folder: String) throws {
    guard let recorded = try recorded(in: folder) else { return }
    for name in tables.sorted() {
      let table = folder + "/" + name
      guard let checksum = recorded[name] else {
        throw FileError(
          path: table,
          reason: "is not among the tables in provenance.json, so the study did not write it there",
          cure: "move it away, or run the study again, which writes all tables from its checkpoints")
      }
      let text = String(decoding: FileManager.default.contents(atPath: table) ?? Data(), as: UTF8.self)
      if let error = checksum.difference(in: text, of: table) { throw error }
    }
  }
}

extension TableChecksum {
  /// Of the tables of a folder, by file name; nil when none were recorded.
  private static func recorded(in folder: String) throws -> [String: TableChecksum]? {
    struct Provenance: Decodable {
      let tables: [String: TableChecksum]?
    }
    let path = folder + "/provenance.json"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(Provenance.self, from: data).tables
    } catch {
      throw FileError(
        path: path, reason: "the checksums of the tables could not be read from it",
        cure: "restore it with 'git restore', or run the study again to write it")
    }
  }

  /// Compares every table below `Results` with the checksum of when it was written.
  public static func checkAll(in results: String) throws {
    for study in names(in: results) {
      for preset in Preset.allCases {
        let folder = "\(results)/\(study)/\(preset.rawValue)"
        try check(names(in: folder).filter { $0.hasSuffix(".csv") }, in: folder)
      }
    }
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

extension Study {
  /// Writes a table, `name`.csv, into the results folder, with its checksum into `provenance.json`.
  public func write(_ table: CSVTable, as name: String) throws {
    let path = "\(folder)/\(name).csv"
    let text = try table.text(reportedAs: path)
    try AtomicFile.write(text, to: path)
    tableChecksums[name + ".csv"] = TableChecksum(of: text)
    try writeTableChecksums()
  }

  /// Once there is a provenance of this run.
  func writeTableChecksums() throws {
    provenance?.tables = tableChecksums
    try provenance?.write(to: folder + "/provenance.json")
  }
}
