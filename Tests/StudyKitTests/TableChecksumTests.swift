import Testing
import Training

@testable import StudyKit

@Suite("A table that was changed after it was written") struct TableChecksumTests {
  private static func text(rows: Int) -> String {
    "a,b\n" + (1...rows).map { "\($0),\($0 * $0)\n" }.joined()
  }

  @Test("has zlib's checksum of its bytes") func value() {
    // python3: zlib.crc32(b'a,b\\n1,1\\n')
    let checksum = TableChecksum(of: Self.text(rows: 1))
    #expect(checksum.crc32 == "21ba54b8")
    #expect(checksum.lines == 2)
    #expect(checksum.difference(in: Self.text(rows: 1), of: "t.csv") == nil)
  }

  @Test("of up to 32 lines is refused with the very line", arguments: 1...31)
  func everyLine(line: Int) throws {
    let text = Self.text(rows: 30)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[line - 1] += "0"
    let error = TableChecksum(of: text).difference(in: lines.joined(separator: "\n"), of: "t.csv")
    #expect(error?.line == line)
    #expect(
      error?.description.hasPrefix("t.csv:\(line): this line is one that the study did not write") == true)
  }

  @Test("of many lines is refused with the few among which it changed")
  func longTable() throws {
    let text = Self.text(rows: 999)
    let changed = text.replacing("\n500,250000\n", with: "\n500,250001\n")
    let error = TableChecksum(of: text).difference(in: changed, of: "t.csv")
    let first = try #require(error?.line)
    #expect((first..<(first + 32)).contains(501))
    #expect(error?.problem.hasPrefix("among lines \(first) to \(first + 31) is one") == true)
  }

  @Test("by a missing last row, a row more, another end of line or two rows exchanged, is refused")
  func otherChanges() throws {
    let text = Self.text(rows: 9)
    let checksum = TableChecksum(of: text)
    let cut = checksum.difference(in: Self.text(rows: 8), of: "t.csv")
    #expect(cut?.problem.hasPrefix("the table ends after line 9 of 10;") == true, "\(cut?.problem ?? "")")
    #expect(checksum.difference(in: text + "10,100\n", of: "t.csv")?.line == 11)
    #expect(checksum.difference(in: text.replacing("\n", with: "\r\n"), of: "t.csv")?.line == 1)
    #expect(checksum.difference(in: text.replacing("2,4\n3,9\n", with: "3,9\n2,4\n"), of: "t.csv")?.line == 3)
    #expect(checksum.difference(in: "", of: "t.csv") != nil)
  }

  @Test("is found in any results folder, and results without recorded checksums pass")
  func allResults() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.makeFolder(folder["own/quick"])
    try AtomicFile.write(Self.text(rows: 3), to: folder["own/quick/runs.csv"])
    try AtomicFile.write("{}", to: folder["own/quick/provenance.json"])
    try TableChecksum.checkAll(in: folder.path)
    let crc32 = TableChecksum(of: Self.text(rows: 2))
    let record = "{\"crc32\": \"\(crc32.crc32)\", \"lines\": 3, \"parts\": \"\(crc32.parts)\"}"
    try AtomicFile.write(
      "{\"tables\": {\"runs.csv\": \(record)}}", to: folder["own/quick/provenance.json"])
    let error = #expect(throws: CSVError.self) { try TableChecksum.checkAll(in: folder.path) }
    #expect(error?.path == folder["own/quick/runs.csv"])
    #expect(error?.line == 4)
    try AtomicFile.write("{\"tables\": {}}", to: folder["own/quick/provenance.json"])
    #expect(throws: FileError.self) { try TableChecksum.checkAll(in: folder.path) }
  }
}
