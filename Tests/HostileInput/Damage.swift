// Damage to files, drawn from a seed: what disks, cut transfers and editors do, and what an attacker would.

import Numerics

/// Files damaged at random, the same ones from the same seed.
public struct Damage {
  private var stream: RandomStream

  public init(seed: UInt64) { stream = RandomStream(seed: seed, .analysis) }

  /// One of the reader's examples, damaged in one to four places.
  public mutating func file(for reader: Reader) -> [UInt8] {
    var bytes = pick(reader.examples)
    for _ in 0...stream.integer(below: 4) { damage(&bytes, reader) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8], _ reader: Reader) {
    let place = stream.integer(below: bytes.count + 1)
    let end = min(bytes.count, place + 1 + stream.integer(below: 8))
    switch stream.integer(below: 10) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(stream.integer(below: 8))
    case 1 where place < bytes.count: bytes[place] = pick(Self.edgeBytes)
    case 2: bytes.removeSubrange(place...)
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(randomByte(), at: place)
    case 5: bytes.insert(contentsOf: bytes[place..<end], at: stream.integer(below: bytes.count + 1))
    case 6: bytes.replaceSubrange(place..<end, with: integer())
    case 7: bytes.insert(contentsOf: pick(reader.words), at: place)
    case 8: replaceNumber(in: &bytes, near: place)
    default:
      let other = pick(reader.examples)
      bytes.replaceSubrange(place..., with: other.dropFirst(stream.integer(below: other.count + 1)))
    }
  }

  /// Four or eight bytes of a number at the edge of what fits somewhere.
  private mutating func integer() -> [UInt8] {
    let value = pick(Self.edges)
    let bytes = stream.integer(below: 2) == 0 ? 4 : 8
    let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return stream.integer(below: 2) == 0 ? little : little.reversed()
  }

  private static let edgeBytes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
  private static let edges: [UInt64] = [
    0, 1, 28, 255, 65_535, 1 << 30, 0x3FFF_FFF0, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 60, 1 << 62,
    1 << 63,
    UInt64.max,
  ]

  /// Puts another number in the place of the next one that is written in digits.
  private mutating func replaceNumber(in bytes: inout [UInt8], near place: Int) {
    func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    guard let first = bytes[place...].firstIndex(where: isDigit) else { return }
    let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
    let number: String = pick([
      "-1", "0", "1", "4", "8", "24", "1e3", "0.5", "2147483648", "4611686018427387904",
      "9223372036854775807",
      "18446744073709551615", "1e999", "", "true",
    ])
    bytes.replaceSubrange(first..<end, with: number.utf8)
  }

  private mutating func randomByte() -> UInt8 { UInt8(truncatingIfNeeded: stream.nextBits()) }

  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[stream.integer(below: choices.count)]
  }
}
