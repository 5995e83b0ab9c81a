import Foundation
import HostileInput
import Learning
import Testing

@testable import Worlds

@Suite("IDX files")
struct IDXFileTests {
  @Test(
    "a hand-made file of any rank is read, plain and packed",
    arguments: [[6], [2, 3], [1, 2, 3], [3, 1, 2, 1]])
  func ranks(dimensions: [Int]) throws {
    let values: [UInt8] = [7, 0, 255, 128, 1, 9]
    let bytes = idx(dimensions, values)
    for form in [bytes, gzip(bytes)] {
      let file = try IDXFile(bytes: form, name: "hand-made")
      #expect(file.dimensions == dimensions)
      #expect(file.values == values)
    }
  }

  @Test("an array without elements is an array")
  func empty() throws {
    let file = try IDXFile(bytes: idx([0, 28, 28], []), name: "empty")
    #expect(file.dimensions == [0, 28, 28] && file.values.isEmpty)
  }

  @Test("the checksum is the unpacked file's CRC-32, as worked out bit by bit")
  func checksum() throws {
    let bytes = idx([3], [1, 2, 3])
    // CRC-32 bit by bit, as in RFC 1952, section 8.
    var register: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
    }
    for form in [bytes, gzip(bytes)] {
      #expect(UInt32(try IDXFile(bytes: form, name: "three").checksum, radix: 16) == ~register)
    }
  }

  // MARK: - What is refused

  /// The sentence that reading `bytes` ends with; nil if it succeeds.
  private func complaint(_ bytes: [UInt8]) -> String? {
    do {
      _ = try IDXFile(bytes: bytes, name: "digits.idx")
      return nil
    } catch {
      return String(describing: error)
    }
  }

  @Test("each damage is named with file, what was expected and what was found")
  func damages() throws {
    let whole = idx([2, 3], [1, 2, 3, 4, 5, 6])
    let packed = gzip(idx([10, 100], [UInt8](repeating: 7, count: 1000)))
    var badChecksum = packed
    badChecksum[packed.count - 8] ^= 1  // the trailer is CRC-32, then length
    var badLength = packed
    badLength[packed.count - 1] ^= 1
    let cases: [(bytes: [UInt8], expected: String, found: String)] = [
      ([], "a whole IDX header", "the end of the file after 0 bytes"),
      (Array(whole[..<11]), "a whole IDX header", "the end of the file after 11 bytes"),
      (Array("PNG picture".utf8), "starts with 00 00 08", "50 4e 47 20"),
      ([0, 0, 8, 0], "a rank above 0", "00 00 08 00"),
      (idx([2], [0, 0, 0, 0, 0, 0, 0, 0], type: 0x0D), "08 (unsigned byte)", "element type 0d"),
      (Array(whole.dropLast()), "18 bytes for an array of 2x3", "found 17"),
      (whole + [0], "18 bytes for an array of 2x3", "found 19"),
      (idx([1 << 31, 1 << 31, 1 << 31], []), "at most", "claims 2147483648x2147483648x2147483648"),
      (idx([1 << 20, 1 << 20], [1]), "at most", "claims 1048576x1048576"),
      (Array(packed.dropLast(9)), "a whole gzip stream", "ends inside of it"),
      (Array(packed.dropLast(1)), "a whole gzip stream", "ends inside of it"),
      ([0x1F, 0x8B], "a whole gzip stream", "ends inside of it"),
      (badChecksum, "an intact gzip stream", "corrupt one (incorrect data check)"),
      (badLength, "an intact gzip stream", "corrupt one (incorrect length check)"),
      (packed + [1, 2, 3], "the end of the file after \(packed.count) bytes", "3 more bytes"),
      (gzip(Array(whole.dropLast())), "18 bytes", "found 17"),
      (gzip(whole + [0]), "18 bytes once unpacked", "found more"),
      (gzip([]), "a whole IDX header", "the end of the file after 0 bytes"),
    ]
    for (bytes, expected, found) in cases {
      let sentence = try #require(complaint(bytes), "\(expected)")
      #expect(sentence.hasPrefix("digits.idx: expected "))
      #expect(sentence.contains(expected) && sentence.contains(found), "\(sentence)")
      #expect(sentence.hasSuffix(".") && sentence.contains("; "), "\(sentence)")
    }
    #expect(complaint(whole) == nil && complaint(packed) == nil)
  }

  @Test("a file that is missing or a folder is named with the system's reason")
  func unreadable() throws {
    for (path, reason) in [("/no/such/file", "no such file"), (NSTemporaryDirectory(), "a folder")] {
      let error = #expect(throws: FileError.self) { try IDXFile(contentsOf: path) }
      let sentence = try #require(error).description
      #expect(sentence.hasPrefix(path) && sentence.contains(reason), "\(sentence)")
    }
  }

  @Test("a bomb is given up as soon as more comes out than its header says")
  func bomb() throws {
    // A million zeros behind a header that claims ten, and the stream cut in half: whoever unpacked on would
    // meet the cut and complain of that.
    let packed = gzip(idx([10], [UInt8](repeating: 0, count: 1_000_000)))
    let half = Array(packed[..<(packed.count / 2)])
    #expect(complaint(half)?.contains("18 bytes once unpacked, as its header says, found more") == true)
    let honest = gzip(idx([1_000_000], [UInt8](repeating: 0, count: 1_000_000)))
    #expect(complaint(Array(honest[..<(honest.count / 2)]))?.contains("ends inside of it") == true)
  }
}
