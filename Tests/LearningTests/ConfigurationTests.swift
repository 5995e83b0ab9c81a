import Foundation
import Learning
import Testing

@Suite("Configurations")
struct ConfigurationTests {
  private static let inner = Configuration("retina").with("patch_side", 8).with("ratio", Float(0.1))

  private static let all: [Configuration] = [
    Configuration("nothing"), inner,
    Configuration("run").with("seed", UInt64.max).with("big", Int.max).with("small", -1.5e-300),
    Configuration("run").with("flag", true).with("one", 1).with("whole", 2.0).with("text", "1"),
    Configuration("run").with("sensor", inner).with("sensors", [inner, inner]).with("sizes", [[8, 16], []]),
    Configuration("run").with("text", "a \"b\" / \\ \n é \u{1F3B2}").with("huge", 1e300).with("clip", [1.5]),
    Configuration("run").with("limit", Double.infinity).with("none", -Float.infinity),
  ]

  @Test("what is written as JSON is read back the same, with the same text and key", arguments: all)
  func roundTrip(configuration: Configuration) throws {
    let read = try JSONDecoder().decode(Configuration.self, from: Data(configuration.text.utf8))
    #expect(read == configuration)
    #expect(read.text == configuration.text && read.key == configuration.key)
    #expect(read.differences(from: configuration).isEmpty)
  }

  @Test("a number that JSON does not have is read back too")
  func infinite() throws {
    let text = Configuration("head").with("bound", Float.infinity).text
    let read = try JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
    #expect(try read.value("bound") == Float.infinity)
  }

  @Test("no two of these are equal or have one key")
  func distinct() {
    for (index, one) in Self.all.enumerated() {
      for other in Self.all[..<index] { #expect(one != other && one.key != other.key) }
    }
    #expect(Configuration("a").with("x", true) != Configuration("a").with("x", 1))
    #expect(Configuration("a").with("x", "1") != Configuration("a").with("x", 1))
  }

  @Test("a field that has its default, or no value, is left out: a new setting changes no key")
  func defaults() {
    let before = Configuration("retina").with("patch_side", 8)
    #expect(before.with("outside", 0, default: 0) == before)
    #expect(before.with("outside", Int?.none) == before)
    #expect(before.with("outside", 1, default: 0).key != before.key)
    #expect(before.with("outside", Int?.some(0)).key != before.key)
  }

  @Test("a number is written as it reads in decimal, fields in alphabetical order whatever came first")
  func text() {
    let one = Configuration("a").with("rate", Float(0.1)).with("on", true).with("n", 3)
    let other = Configuration("a").with("n", 3).with("on", true).with("rate", 0.1)
    #expect(one.text == #"{"kind":"a","n":3,"on":true,"rate":0.1}"#)
    #expect(one == other && one.text == other.text)
    // CRC-32 of that text by Python's zlib.
    #expect(one.key == "e138b8c7")
  }

  @Test("differences name the path, what was recorded and what is asked")
  func differences() {
    let recorded = Configuration("run").with("seed", 1).with("network", Self.inner.with("glimpses", 6))
    let asked = Configuration("run").with("seed", 1).with("clip", 5)
      .with("network", Configuration("glance").with("glimpses", 8).with("patch_side", 8))
    #expect(
      recorded.differences(from: asked) == [
        "clip: recorded its default, asked 5",
        "network.kind: recorded retina, asked glance",
        "network.glimpses: recorded 6, asked 8",
        "network.ratio: recorded 0.1, asked its default",
      ])
  }

  @Test(
    "what is no configuration is refused and not believed",
    arguments: ["{}", "[]", #"{"kind":1}"#, #"{"kind":"a","x":null}"#, #"{"kind":"a","x":{}}"#])
  func refusals(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Configuration.self, from: Data(text.utf8))
    }
  }
}

@Suite("Checksums")
struct ChecksumTests {
  @Test("the CRC-32 of the nine digits is the published check value; leading zeros are kept")
  func known() {
    #expect(Checksum.crc32("123456789".utf8) == "cbf43926")
    #expect(Checksum.crc32([UInt8]()) == "00000000")
    #expect(Checksum.crc32(Array("123456789".utf8)[...]) == "cbf43926")
    #expect(Checksum.crc32("123456789".utf8.reversed().reversed()) == "cbf43926")
  }
}
