import Foundation
import Learning
import Numerics
import Testing
import Worlds

@testable import RecurrentAttention

@Suite("Value map")
struct ValueMapTests {
  // The same numbers in products of other numbers of rows, whose sums may be rounded in another order.
  private let tolerance: Float = 1e-6

  @Test(
    "at the place that was looked at, it is what the path itself says", arguments: Tiny.CoreKind.allCases,
    [true, false])
  func chosenPlace(core: Tiny.CoreKind, isSampled: Bool) throws {
    let tiny = Tiny(glimpses: 4) { ($0.core, $0.gaze.first, $0.gaze.squashing) = (core, .uniform, .tanh) }
    let world = tiny.pictures(6)
    let mapper = try ValueMapper(tiny.model(on: world, seed: 3), on: world, examples: 6)
    var rollout = Rollout(.test, firstExample: 0, count: 6, seed: 1)
    rollout.isSampled = isSampled
    // Examples out of order, and a second look at others, so that nothing is left of the one before.
    for (first, example) in [(0, 3), (0, 0), (0, 5), (0, 1), (0, 2), (0, 4), (1, 4), (3, 4)] {
      if rollout.firstExample != first || example == 3 {
        rollout.firstExample = first
        try mapper.look(rollout)
      }
      for (step, glimpse) in mapper.path(of: example).glimpses.enumerated().reversed() {
        let map = mapper.map(of: example, glimpse: step, at: [Location(x: glimpse.x, y: glimpse.y)])
        #expect(map.probabilities.count == 3)
        for (p, expected) in zip(map.probabilities, glimpse.probabilities) {
          #expect(abs(p - expected) < tolerance, "example \(example), glimpse \(step)")
        }
      }
    }
  }

  @Test(
    "everywhere else it is what a model finds that really looks there, more places than rows included",
    arguments: Tiny.CoreKind.allCases)
  func enumeration(core: Tiny.CoreKind) throws {
    let tiny = Tiny(glimpses: 3) { ($0.core, $0.classCounts) = (core, [3, 2]) }
    let (world, places) = (tiny.pictures(1), Location.grid(12))
    let model = tiny.model(on: world, seed: 3)
    let mapper = try ValueMapper(model, on: world)
    try mapper.look(Rollout(.test, firstExample: 0, count: 1, seed: 1))
    let path = mapper.path(of: 0).glimpses
    let forced = try ForcedAgent(model, on: world, rows: places.count)
    let reader = forced.agent.model.classifier?.attach(to: forced.agent.states.state, in: forced.agent.graph)
    let classifier = try #require(reader)
    for step in 0..<3 {
      forced.look(
        at: (0..<3).map { t in
          places.flatMap { place in t == step ? [place.x, place.y] : [path[t].x, path[t].y] }
        })
      let map = mapper.map(of: 0, glimpse: step, at: places)
      #expect(map.glimpse == step && map.locations == places && map.classCount == 5)
      for place in places.indices {
        var expected = [Float](repeating: 0, count: 5)
        classifier.writeProbabilities(place, step: step, into: &expected)
        for (p, other) in zip(map.probabilities(at: place), expected) { #expect(abs(p - other) < tolerance) }
      }
      let values = map.values(of: 1)
      #expect((values.max() ?? 0) - (values.min() ?? 0) > 0.01, "all places are the same: the claim is empty")
    }
  }

  /// Worked by hand: the logit of class 1 is what the glimpse sees of one white pixel, and that of class 0 is nothing.
  @Test("where a lone pixel is seen, its class has e / (1 + e), elsewhere a half")
  func onePixel() throws {
    let tiny = Tiny(glimpses: 1) {
      ($0.sensor, $0.classCounts) = (Retina(patchSide: 2, scales: 1), [2])
      ($0.widths, $0.units) = (GlimpseNetwork.Widths(patch: 1, location: 1, output: 1), 1)
    }
    var world = tiny.pictures(1, side: 4)
    world.pictures[0] = (0..<16).map { $0 == 1 * 4 + 2 ? 255 : 0 }  // row 1, column 2
    let model = tiny.model(on: world)
    for tensor in model.parameters.tensors {
      model.parameters[tensor].pointer.update(repeating: 0, count: tensor.count)
    }
    for name in ["glimpse.patch.weight", "glimpse.joint.weight", "core.weight"] {
      let weight = model.parameter(name)
      weight.pointer.update(repeating: 1, count: weight.rows * weight.columns)
    }
    model.parameter("action.weight")[0, 1] = 1
    model.parameters.refreshCopies()
    let mapper = try ValueMapper(model, on: world)
    try mapper.look(Rollout(.test, firstExample: 0, count: 1, seed: 1))
    // The corners between pixels, 0...4 along both axes; a patch at corner (c, r) covers columns c - 1 and c.
    let corners = (0...4).flatMap { r in (0...4).map { (column: $0, row: r) } }
    let map = mapper.map(
      of: 0, glimpse: 0, at: corners.map { Location(x: Float($0.column) / 2 - 1, y: Float($0.row) / 2 - 1) })
    for (corner, value) in zip(corners, map.values(of: 1)) {
      let isSeen = [2, 3].contains(corner.column) && [1, 2].contains(corner.row)
      let expected = isSeen ? exp(1) / (1 + exp(1)) : 0.5
      #expect(abs(Double(value) - expected) < 1e-6, "\(corner)")
    }
  }

  @Test("a grid's places are the centres of its cells, row by row from the top left")
  func grid() {
    #expect(
      Location.grid(2) == [
        Location(x: -0.5, y: -0.5), Location(x: 0.5, y: -0.5), Location(x: -0.5, y: 0.5),
        Location(x: 0.5, y: 0.5),
      ])
    #expect(Location.grid(3, reach: 0.75).map(\.x)[..<3] == [-0.5, 0, 0.5])
    #expect(Location.grid(1) == [Location(x: 0, y: 0)])
  }

  @Test("a game is refused: its frame does not wait to be looked at twice")
  func game() throws {
    var network = RecurrentAttention(glimpses: 1, sensor: Retina(patchSide: 6, scales: 3))
    network.objective = GameObjective()
    let catching = Catch()
    let model = RecurrentAttentionModel(network, for: catching, seed: 1)
    let error = try #require(throws: DefinitionError.self) { try ValueMapper(model, on: catching) }
    #expect("\(error)".contains("changes when the model acts"))
    // It names nothing in a picture, and a model that names digits has no moves.
    let picture = try Picture(GrayImage(width: 8, height: 8, pixels: .init(repeating: 9, count: 64)))
    let player = #expect(throws: DefinitionError.self) { try ValueMapper(model, on: picture) }
    #expect(player?.problem == "it has no classifier")
    let tiny = Tiny()
    let classifier = RecurrentAttentionModel(tiny.network, for: tiny.pictures(), seed: 1)
    for (model, world, moves) in [
      (model, picture, "none"), (classifier, catching, "3 moves"),
    ] as [(RecurrentAttentionModel, any World, String)] {
      let error = #expect(throws: DefinitionError.self) {
        try model.paths(on: world, .test, examples: 0..<1, seed: 1)
      }
      #expect(error?.setting == "the game of \(world.summary)" && error?.value == moves)
    }
  }

  @Test("a world with other classes is refused, and nothing to look at gives nothing")
  func otherClasses() throws {
    let (tiny, other) = (Tiny(), Pictures(side: 8, classCounts: [200], pictures: [[]], labels: [[]]))
    let model = RecurrentAttentionModel(tiny.network, for: tiny.pictures(), seed: 1)
    for look in [
      { _ = try ValueMapper(model, on: other) },
      { _ = try model.paths(on: other, .test, examples: 0..<1, seed: 1) },
    ] {
      let error = #expect(throws: DefinitionError.self) { try look() }
      #expect(error?.setting == "the world's classes" && error?.value == "[200]")
    }
    #expect(throws: DefinitionError.self) { try ValueMapper(model, on: tiny.pictures(), examples: 0) }
    let mapper = try ValueMapper(model, on: tiny.pictures())
    #expect(throws: DefinitionError.self) {
      try mapper.look(Rollout(.test, firstExample: 0, count: 2, seed: 1))
    }
    #expect(try model.paths(on: tiny.pictures(), .test, examples: 0..<0, seed: 1).isEmpty)
  }
}
