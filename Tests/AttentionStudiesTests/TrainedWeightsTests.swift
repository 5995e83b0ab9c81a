import Foundation
import Learning
import StudyKit
import Testing
import Worlds

@testable import RecurrentAttention

@Suite("Trained weights")
struct TrainedWeightsTests {
  static let results: String = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent("Results").path
  }()

  /// All that are committed: "cluttered/paper/weights/ram-6-seed1.safetensors".
  static let committed: [String] =
    (FileManager.default.enumerator(atPath: results)?.compactMap { $0 as? String } ?? [])
    .filter { $0.contains("/weights/") && $0.hasSuffix(".safetensors") && !$0.contains("/smoke/") }.sorted()

  private func weights(_ name: String) throws -> TrainedWeights {
    try TrainedWeights(reading: "\(Self.results)/\(name)")
  }

  @Test("every committed file gives back the network that was trained", arguments: committed)
  func rebuilt(name: String) throws {
    let weights = try weights(name)
    let recorded = try weights.network()
    let gaze: Configuration = try recorded.value("gaze")
    guard KnownParts().gazes[gaze.kind] != nil || gaze.kind == ContextGaze.kind else {
      // A gaze that stands in a study's folder: named, and not taken for another.
      let sentence = try complaint { _ = try RecurrentAttentionModel(weights) }
      #expect(sentence.contains(gaze.kind) && sentence.contains("KnownParts"))
      return
    }
    let world = try weights.world().makeWorld()
    #expect(try world.configuration == weights.world())
    let model = try RecurrentAttentionModel(weights, for: world.play == nil ? nil : world)
    let rebuilt = model.network.configuration
    for part in ["glimpses", "sensor", "glimpse_network", "core", "gaze", "stop"] {
      #expect(rebuilt[part] == recorded[part], "\(part)")
    }
    guard world.play == nil else { return }
    #expect(model.classifier?.classCounts == world.classCounts)
    let path = try model.look(at: world, example: 3)
    let sum = try #require(path.glimpses.last).probabilities.reduce(0, +)
    #expect(abs(sum - 1) < 1e-5 && path.label != nil)
  }

  @Test("there are weights of every study that publishes them")
  func some() { #expect(Set(Self.committed.map { $0.prefix { $0 != "/" } }).count >= 5, "\(Self.committed)") }

  @Test("a model that is read looks at the scenes as its study recorded it")
  func recordedPaths() throws {
    let folder = Self.results + "/cluttered/paper"
    let weights = try weights("cluttered/paper/weights/ram-6-seed1.safetensors")
    let (model, world) = (try RecurrentAttentionModel(weights), try weights.world().makeWorld())
    let rows = try CSVTable(reading: folder + "/glimpses.csv").rows
    #expect(rows.count == 36)
    for row in rows {
      func number(_ column: String) throws -> Double { try #require(try row.number(column)) }
      let path = try model.look(at: world, example: Int(number("scene")) - 1)
      let glimpse = path.glimpses[try Int(number("glimpse")) - 1]
      let (label, prediction) = (try Int(number("label")), try Int(number("prediction")))
      #expect(path.label == label && glimpse.prediction == prediction)
      // Rounded to five and four digits; another processor's products may differ in the seventh.
      let (x, y, probability) = (try number("x"), try number("y"), try number("probability"))
      #expect(abs(Double(glimpse.x) - x) < 1e-4 && abs(Double(glimpse.y) - y) < 1e-4)
      #expect(abs(Double(glimpse.probability) - probability) < 1e-3)
    }
  }

  @Test("a picture without a label is looked at like the scene that it shows")
  func unlabelled() throws {
    let weights = try weights("cluttered/paper/weights/ram-6-seed1.safetensors")
    let (model, world) = (try RecurrentAttentionModel(weights), try weights.world().makeWorld())
    let stage = Stage(world, capacity: 1)
    try stage.begin(.test, first: 5, count: 1, seed: 1)
    let pixels = Array(UnsafeBufferPointer(start: stage.frame(0), count: 60 * 60))
    let picture = try Picture(GrayImage(width: 60, height: 60, pixels: pixels))
    let (path, scene) = (try model.look(at: picture), try model.look(at: world, example: 5))
    #expect(path.label == nil && scene.label == stage.label(0))
    for (one, other) in zip(path.glimpses, scene.glimpses) {
      #expect(one.x == other.x && one.y == other.y && one.probabilities == other.probabilities)
    }
    // Any size will do, and there is nothing beyond its edge.
    for side in [1, 7, 1_000] {
      let image = try GrayImage(width: side, height: side, pixels: .init(repeating: 255, count: side * side))
      #expect(try model.look(at: Picture(image)).glimpses.count == 6)
    }
  }

  // MARK: - What is refused

  private func complaint(_ body: () throws -> Void) throws -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing"
  }

  /// What is read from a committed file after a change to the text that says which network it is for.
  private func reading<Value>(
    after change: (inout String?) -> Void, _ read: (TrainedWeights) throws -> Value
  ) throws -> Value {
    let folder = NSTemporaryDirectory() + "weights-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.makeFolder(folder)
    var checkpoint = try Checkpoint(
      reading: Self.results + "/cluttered/paper/weights/ram-4-seed1.safetensors")
    change(&checkpoint.metadata["configuration"])
    let path = folder + "/ram-4-seed1.safetensors"
    try AtomicFile.write(checkpoint.encoded(), to: path)
    return try read(TrainedWeights(reading: path))
  }

  @Test("a file without its configuration says so")
  func unnamed() throws {
    let sentence = try complaint { try reading(after: { $0 = nil }) { _ in } }
    #expect(sentence.contains("does not say which network"))
  }

  @Test("weights that were trained with products in bfloat16 say so, and others do not")
  func precision() throws {
    let other = #""precision":"bfloat16","batch_size""#
    let changed = try reading(after: { $0 = $0?.replacing(#""batch_size""#, with: other) }) {
      try $0.precision()
    }
    #expect(changed == .bfloat16)
    #expect(try reading(after: { _ in }) { try $0.precision() } == .single)
  }

  @Test("what is no such file, and what no picture can be shown to, is one sentence")
  func refusals() throws {
    let folder = Self.results + "/cluttered/paper"
    for (path, says) in [
      (folder, "is a folder"), (folder + "/nothing.safetensors", "cannot be read"),
      (folder + "/runs.csv", "is not a complete file of weights"),
      (Self.results + "/catch/quick/weights/learned-seed1.safetensors", "weights of a player of 'catch'"),
    ] {
      let sentence = try complaint { _ = try RecurrentAttentionModel(reading: path) }
      #expect(sentence.hasPrefix(path) && sentence.contains(says), "\(sentence)")
    }
  }

  @Test(
    "every sensor, core and gaze of the package comes back from its configuration, whatever its settings",
    arguments: [
      RecurrentAttention(glimpses: 3, sensor: Retina(patchSide: 6, scales: 2, coarsePixels: .sum, gain: 8))
        .with {
          $0.core = LSTMCore(units: 7)
          $0.glimpseNetwork = .init(patch: 3, location: 4, output: 5)
          $0.gaze = RandomGaze()
        },
      RecurrentAttention(glimpses: 3, sensor: WholeFrame(cells: 5), gaze: CenterGaze()).with {
        $0.core = RectifierCore(units: 7, start: .random)
      },
      RecurrentAttention(glimpses: 3, sensor: Retina(patchSide: 6, scales: 2)).with {
        var gaze = GaussianGaze(deviation: .cosine(from: 0.3, to: 0.1), reach: 0.7, first: .uniform)
        (gaze.squashing, gaze.hiddenUnits, gaze.score, gaze.trainsCore) = (.clip, 9, .clampedSample, false)
        $0.gaze = gaze
      },
      RecurrentAttention(
        glimpses: 3, sensor: ZoomRetina(patchSide: 8, scales: 1, narrowest: 6, widest: 30.5),
        gaze: ZoomGaze(GaussianGaze(deviation: .exponential(from: 0.3, decayPerEpoch: 0.97, floor: 0.01)))),
      RecurrentAttention(
        glimpses: 3, sensor: ZoomRetina(patchSide: 8, scales: 1, narrowest: 6, widest: 30.5)
      ).with {
        var gaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)), reach: 2)
        gaze.first = 0.5
        $0.gaze = gaze
      },
      RecurrentAttention(
        glimpses: 3, sensor: Retina(patchSide: 6, scales: 2),
        gaze: ContextGaze(
          GaussianGaze(deviation: .constant(0.1)), context: WholeFrame(cells: 4), remembers: true)),
      RecurrentAttention(glimpses: 3, sensor: Retina(patchSide: 6, scales: 2)).with {
        var gaze = ContextGaze(GaussianGaze(deviation: .constant(0.1)), context: nil, remembers: true)
        gaze.centeredUntil = 0.25
        $0.gaze = gaze
      },
      RecurrentAttention(
        glimpses: 3, sensor: Retina(patchSide: 6, scales: 2),
        objective: StoppingObjective(ClassificationObjective { $0.baseline = ClassBaseline() }, price: 0.1)
      ).with {
        var head = StopAction()
        (head.bound, head.firstProbability, head.trainsCore) = (3, 0.1, false)
        $0.actions = [head]
      },
    ])
  func parts(network: RecurrentAttention) throws {
    // As it comes out of a file.
    let text = Data(network.configuration.text.utf8)
    let recorded = try JSONDecoder().decode(Configuration.self, from: text)
    let rebuilt = try RecurrentAttention(lookingWith: recorded).configuration
    for part in ["glimpses", "sensor", "glimpse_network", "core", "gaze", "stop"] {
      #expect(rebuilt[part] == recorded[part], "\(part)")
    }
  }

  @Test("a sensor of one's own is known once its maker is, and otherwise named")
  func ownSensor() throws {
    let recorded = try weights("cluttered/paper/weights/ram-4-seed1.safetensors").network()
    let retina: Configuration = try recorded.value("sensor")
    let own = recorded.with("sensor", Configuration("own").with("inner", retina))
    let sentence = try complaint { _ = try RecurrentAttention(lookingWith: own) }
    #expect(sentence.contains("own") && sentence.contains("KnownParts"), "\(sentence)")
    var parts = KnownParts()
    parts.sensors["own"] = { Own(inner: try Retina($0.value("inner"))) }
    #expect(try RecurrentAttention(lookingWith: own, parts: parts).configuration["sensor"] == own["sensor"])
    // Also as the context of a gaze.
    let policy = GaussianGaze(deviation: .constant(0.1))
    let gaze = ContextGaze(policy, context: Own(inner: Retina(patchSide: 4, scales: 1)), remembers: false)
    let context = recorded.with("gaze", gaze.configuration)
    #expect(
      try RecurrentAttention(lookingWith: context, parts: parts).configuration["gaze"] == context["gaze"])
    // A field of a later version is not lost without a word.
    for part in ["sensor", "glimpse_network"] {
      let later = try recorded.with(part, (recorded.value(part) as Configuration).with("later", 2))
      #expect(try complaint { _ = try RecurrentAttention(lookingWith: later) }.contains("later"))
    }
    #expect(
      try complaint { _ = try RecurrentAttention(lookingWith: Configuration("convolutional")) }.contains(
        "no glimpses"))
  }

  private struct Own: Sensor {
    let inner: Retina
    var configuration: Configuration { Configuration("own").with("inner", inner.configuration) }
    var columns: Int { inner.columns }
    var pictureSide: Int { inner.pictureSide }
    func makeReader(frames: Int, side: Int) -> any SensorReader {
      inner.makeReader(frames: frames, side: side)
    }
    func picture(of glimpse: UnsafePointer<Float>) -> [Float] { inner.picture(of: glimpse) }
  }
}
