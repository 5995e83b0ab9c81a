import Learning
import ReferenceNetworks
import Testing

/// Of 10 classes, if nothing else is said.
private struct Blank: StillWorld {
  var classCount = 10
  var side: Int { 28 }
  var summary: String { "blank" }
  var configuration: Configuration { Configuration("blank") }
  func count(of split: Split) -> Int { 1 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 { 0 }
}

private struct TwoLabels: World {
  typealias Episode = Still
  var side: Int { 28 }
  var classCounts: [Int] { [10, 10] }
  var summary: String { "two labels" }
  var configuration: Configuration { Configuration("two_labels") }
  func count(of split: Split) -> Int { 1 }
  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still { Still() }
}

@Suite("Definitions of reference networks")
struct DefinitionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var network: any Network
    var setting: String
    var value: String
    var testDescription: String { "\(setting) \(value)" }
  }

  static let cases = [
    Case(network: FullyConnected(units: 0), setting: "the fully connected network's units", value: "0"),
    Case(network: Convolutional(filters: 0), setting: "the convolutional network's filters", value: "0"),
    Case(network: Convolutional(units: -1), setting: "the convolutional network's units", value: "-1"),
    Case(network: Convolutional(stride: 0), setting: "the convolutional network's stride", value: "0"),
    Case(
      network: Convolutional(filterSide: 0), setting: "the convolutional network's filter side", value: "0"),
    Case(
      network: Convolutional(filterSide: 29), setting: "the convolutional network's filter side", value: "29"),
  ]

  @Test("an impossible one is refused in one sentence: setting, value, cure", arguments: cases)
  func refused(definition: Case) throws {
    let error = #expect(throws: DefinitionError.self) { try definition.network.check(on: Blank()) }
    #expect(error?.setting == definition.setting && error?.value == definition.value)
    #expect(error?.cure.isEmpty == false && error?.description.contains("\n") == false)
  }

  @Test(
    "a world of two labels is refused, one of 19 classes has 19 probabilities",
    arguments: [FullyConnected(units: 8), Convolutional()] as [any Network])
  func worlds(network: any Network) throws {
    let error = #expect(throws: DefinitionError.self) { try network.check(on: TwoLabels()) }
    #expect(error?.problem == "two labels is not one label for each frame")
    let world = Blank(classCount: 19)
    try network.check(on: world)
    let replica = network.makeLearner(for: world, seed: 1).makeReplica(on: world, examples: 2)
    _ = try replica.evaluate(Rollout(.test, firstExample: 0, count: 2, seed: 1))
    #expect(replica.scores.columns == 19)
    for row in 0..<2 { #expect(abs((0..<19).reduce(0) { $0 + replica.scores[row, $1] } - 1) < 1e-6) }
  }

  @Test("a changed default would change the recorded texts of the paper's networks")
  func identity() {
    #expect(FullyConnected(units: 256).configuration.text == #"{"kind":"fully_connected","units":256}"#)
    #expect(Convolutional().configuration.text == #"{"filters":8,"kind":"convolutional","units":256}"#)
    #expect(
      Convolutional(units: 86, filterSide: 8, stride: 4).configuration.text
        == #"{"filter_side":8,"filters":8,"kind":"convolutional","stride":4,"units":86}"#)
  }
}
