import Autodiff
import Foundation
import Learning
import Numerics
import Testing

@testable import RecurrentAttention

@Suite("ZoomRetina")
struct ZoomRetinaTests {
  private func look(
    _ sensor: any Sensor, _ frame: [UInt8], side: Int, at place: [Float]
  ) -> [Float] {
    let arena = Arena()
    let location = Matrix(arena.take(count: place.count), rows: 1, columns: place.count)
    for (column, value) in place.enumerated() { location[0, column] = value }
    let glimpse = Matrix(arena.take(count: sensor.columns), rows: 1, columns: sensor.columns)
    let reader = sensor.makeReader(frames: 1, side: side)
    reader.prepare(frame, count: 1)
    reader.look(frame, at: location, rowsPerFrame: 1, into: glimpse)
    return (0..<sensor.columns).map { glimpse[0, $0] }
  }

  private func noise(side: Int) -> [UInt8] {
    var stream = RandomStream(seed: 2, .analysis, example: side)
    return (0..<(side * side)).map { _ in UInt8(stream.integer(below: 256)) }
  }

  @Test("by hand: two numbers a side, three pixels wide, around the centre of four")
  func byHand() {
    // Columns 0.5 to 2 and 2 to 3.5: half a pixel and a whole one, and the other way round; so are rows.
    let frame: [UInt8] = [0, 40, 80, 120] + [10, 50, 90, 130] + [20, 60, 100, 140] + [30, 70, 110, 150]
    let sensor = ZoomRetina(patchSide: 2, scales: 1, narrowest: 3, widest: 6)
    let seen = look(sensor, frame, side: 4, at: [0, 0, -1])
    let corner = (0.25 * 0 + 0.5 * 40 + 0.5 * 10 + 50) / (255 * 2.25)
    #expect(abs(Double(seen[0]) - corner) < 1e-6)
    let opposite = (100 + 0.5 * 140 + 0.5 * 110 + 0.25 * 150) / (255 * 2.25)
    #expect(abs(Double(seen[3]) - opposite) < 1e-6)
    // Six pixels wide it reaches a pixel beyond the frame on all sides.
    let wide = look(sensor, frame, side: 4, at: [0, 0, 1])
    #expect(abs(Double(wide[0]) - (0 + 40 + 10 + 50) / (255 * 9.0)) < 1e-6)
  }

  @Test("as wide as it has numbers, at corners between pixels, it is the paper's retina", arguments: [1, 3])
  func asRetina(scales: Int) {
    for side in [28, 60] {
      let frame = noise(side: side)
      var stream = RandomStream(seed: 3, .analysis)
      for _ in 0..<40 {
        let place = (0..<2).map { _ in Float(stream.integer(below: side + 1)) * 2 / Float(side) - 1 }
        let paper = look(Retina(patchSide: 12, scales: scales), frame, side: side, at: place)
        let zoom = ZoomRetina(patchSide: 12, scales: scales, narrowest: 12, widest: 48)
        // The place in pixels is off by a rounding, 2^-19, and one part of that in a cell's edges.
        for (a, b) in zip(look(zoom, frame, side: side, at: place + [-1]), paper) {
          #expect(abs(a - b) < 2e-5)
        }
      }
    }
  }

  @Test("widths go in even steps of their logarithm, and what is no number is looked at all the same")
  func widths() {
    let sensor = ZoomRetina(patchSide: 12, scales: 1, narrowest: 12, widest: 48)
    for (zoom, width) in [(-1, 12), (0, 24), (1, 48)] as [(Float, Float)] {
      #expect(abs(sensor.width(at: zoom) - width) < 1e-4)
    }
    let three = ZoomRetina(patchSide: 12, scales: 3, narrowest: 12, widest: 48)
    let outlines = three.outlines(at: [0.5, 0, -1], frameSide: 40)
    #expect(outlines.map(\.side) == [12, 24, 48] && outlines.map(\.left) == [24, 18, 6])
    #expect(outlines.map(\.top) == [14, 8, -4])
    let seen = look(sensor, noise(side: 28), side: 28, at: [.nan, .infinity, .nan])
    #expect(seen.allSatisfy { $0 == 0 })
  }

  @Test(
    "an impossible setting is refused in one sentence, and so is a gaze that does not fit the sensor"
  )
  func refusals() throws {
    func refusal(_ change: (inout Tiny, inout ZoomRetina) -> Void) -> String? {
      var sensor = ZoomRetina(patchSide: 4, scales: 2, narrowest: 4, widest: 8)
      var tiny = Tiny()
      tiny.fixedGaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)))
      change(&tiny, &sensor)
      let network = tiny.network.with { $0.sensor = sensor }
      return #expect(throws: DefinitionError.self) { try network.check(on: Tiny().pictures()) }?.cure
    }
    #expect(refusal { $1.narrowest = 0 } == "choose widths such as 12 to 96")
    #expect(refusal { $1.widest = 3 } == "choose widths such as 12 to 96")
    #expect(refusal { $1.patchSide = 41 } == "choose one such as 12")
    #expect(refusal { $1.scales = 0 } == "choose a number such as 3")
    let cure = "use ZoomGaze with ZoomRetina, and neither without the other"
    #expect(refusal { tiny, _ in tiny.fixedGaze = RandomGaze() } == cure)
    let error = #expect(throws: DefinitionError.self) {
      try Tiny { $0.fixedGaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1))) }.network
        .check(on: Tiny().pictures())
    }
    #expect(
      error?.description
        == "the gaze is zoom: it decides 3 numbers a look, and the sensor retina takes 2; \(cure).")
  }
}

@Suite("ZoomGaze")
struct ZoomGazeTests {
  private func tiny(reach: Float = 2, _ change: (inout GaussianGaze) -> Void = { _ in }) -> Tiny {
    var place = GaussianGaze(deviation: .constant(0.3), reach: 0.5)
    change(&place)
    return Tiny { $0.fixedGaze = ZoomGaze(place, reach: reach) }
  }

  private func replica(_ tiny: Tiny, pictures: Int = 6) -> AttentionReplica {
    let world = tiny.pictures(pictures)
    let model = tiny.model(on: world, sensor: ZoomRetina(patchSide: 2, scales: 1, narrowest: 2, widest: 8))
    return AttentionReplica(model, on: world, examples: pictures)
  }

  @Test("a value map of a zooming model looks with the width that was chosen")
  func valueMap() throws {
    let tiny = tiny()
    let world = tiny.pictures(6)
    let sensor = ZoomRetina(patchSide: 2, scales: 1, narrowest: 2, widest: 8)
    let mapper = try ValueMapper(tiny.model(on: world, sensor: sensor), on: world, examples: 6)
    var rollout = Rollout(.test, firstExample: 0, count: 6, seed: 1)
    rollout.isSampled = true
    try mapper.look(rollout)
    for example in 0..<6 {
      for (step, glimpse) in mapper.path(of: example).glimpses.enumerated() {
        let map = mapper.map(of: example, glimpse: step, at: [Location(x: glimpse.x, y: glimpse.y)])
        for (p, expected) in zip(map.probabilities, glimpse.probabilities) {
          #expect(abs(p - expected) < 1e-6)
        }
      }
    }
  }

  @Test(
    "the first look is the widest at the centre; later ones are the policy's, places and widths each with a reach"
  )
  func looks() throws {
    let replica = replica(tiny())
    try replica.evaluate(isSampled: true)
    let agent = replica.agent
    let score = try #require(agent.gaze.score as? GaussianScore)
    #expect(score.mean.columns == 3 && abs(score.standardDeviation - 0.6) < 1e-6)
    let others = Matrix(agent.graph.arena.take(count: 18), rows: 6, columns: 3)
    for row in 0..<6 {
      let first = agent.locations.value(at: 0)
      #expect((0..<3).map { first[row, $0] } == [0, 0, 1])
    }
    for t in 1..<3 {
      let (place, sample, mean) = (
        agent.locations.value(at: t), score.samples.value(at: t - 1), score.mean.value(at: t - 1)
      )
      agent.gaze.writeAntitheticLocation(step: t, into: others)
      for row in 0..<6 {
        for column in 0..<3 {
          let reach: Float = column < 2 ? 0.5 : 2
          let (s, m) = (sample[row, column], mean[row, column])
          #expect(s != m && place[row, column] == min(max(reach * s, -1), 1))
          #expect(abs(others[row, column] - min(max(reach * (2 * m - s), -1), 1)) < 1e-6)
        }
      }
    }
  }

  @Test("the width that is looked at is what the glimpse network is told, and what the glimpse shows")
  func seen() throws {
    let replica = replica(tiny())
    try replica.evaluate(isSampled: true)
    let (agent, world) = (replica.agent, tiny().pictures(6))
    let sensor = ZoomRetina(patchSide: 2, scales: 1, narrowest: 2, widest: 8)
    for row in 0..<6 {
      let place = agent.locations.value(at: 1)
      let width = sensor.width(at: place[row, 2])
      var table = [Int32](repeating: 0, count: 81)
      SummedAreaTable.fill(&table, pixels: world.pictures[row], side: 8)
      var expected = [Float](repeating: 0, count: 4)
      AreaMean.read(
        table, side: 8, left: (place[row, 0] + 1) * 4 - width / 2, top: (place[row, 1] + 1) * 4 - width / 2,
        width: width, cells: 2, into: &expected)
      #expect(expected == (0..<4).map { agent.patches.value(at: 1)[row, $0] })
    }
    #expect(replica.parameter("glimpse.location.weight").rows == 3)
  }

  @Test("the gradient of its score is central differences, in its tensors and down to the states")
  func gradient() throws {
    let parameters = Parameters()
    let layer = ZoomGaze(GaussianGaze(deviation: .constant(0.3))).declare(
      units: 4, glimpses: 3, in: parameters)
    var stream = RandomStream(seed: 1, .analysis)
    func randomize(_ matrix: Matrix) {
      for row in 0..<matrix.rows {
        for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
      }
    }
    for tensor in parameters.tensors { randomize(parameters[tensor]) }
    let graph = Graph(steps: 3, batch: 5, parameters: parameters)
    let state = graph.variable(columns: 4)
    let score = try #require(
      layer.attach(to: state, in: graph, on: Stage(Tiny().pictures(), capacity: 5)).score as? GaussianScore)
    for values in [state, score.samples, score.advantages] { randomize(values.allValues) }
    (score.standardDeviation, score.weight) = (0.8, 0.3)
    let results = graph.compareGradients(inputs: [state], h: 0x1p-7) {
      (0..<2).reduce(0.0) { sum, step in
        (0..<5).reduce(sum) {
          $0 - 0.3 * Double(score.advantages.value(at: step)[$1, 0])
            * Double(score.logProbability(step: step, example: $1))
        }
      }
    }
    #expect(results.count == 3)
    for result in results { #expect(result.isRight, "\(result)") }
  }

  @Test("widths start in the middle of what can be looked at, whatever is seen")
  func start() throws {
    let world = tiny().pictures(6)
    let network = tiny().network.with {
      $0.sensor = ZoomRetina(patchSide: 2, scales: 1, narrowest: 2, widest: 8)
    }
    let replica = AttentionReplica(
      RecurrentAttentionModel(network, for: world, seed: 1), on: world, examples: 6)
    try replica.evaluate()
    for t in 1..<3 { for row in 0..<6 { #expect(replica.agent.locations.value(at: t)[row, 2] == 0) } }
  }

  @Test("what cannot be is refused in one sentence")
  func refusals() {
    func refusal(_ change: (inout ZoomGaze) -> Void) -> String? {
      var gaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)))
      change(&gaze)
      return #expect(throws: DefinitionError.self) { try gaze.check() }?.cure
    }
    #expect(refusal { $0.location.first = .learned } == "leave these at their defaults")
    #expect(refusal { $0.location.hiddenUnits = 3 } == "leave these at their defaults")
    #expect(refusal { $0.location.squashing = .none } == "leave these at their defaults")
    #expect(refusal { $0.first = 4.5 } == "choose 1")
    #expect(refusal { $0.reach = 0 } == "choose 3")
    #expect(refusal { $0.location.reach = 0 } == "choose 1, the whole frame")
  }

  @Test("the gradient of the width is unbiased: its mean over episodes is the enumerated gradient")
  func unbiased() throws {
    // A model that sees nothing but the width it was told: the expected return is an integral over one number.
    let deviation: Float = 0.4
    var tiny = tiny(reach: 1) { ($0.deviation, $0.reach) = (.constant(deviation), 1) }
    tiny.glimpses = 2
    tiny.classCounts = [2]
    (tiny.objective.reward, tiny.objective.baseline) = (RightProbability(), MovingAverage())
    var world = tiny.pictures(1)
    world.labels = [[0]]
    let model = tiny.model(
      on: world, seed: 12, sensor: ZoomRetina(patchSide: 2, scales: 1, narrowest: 2, widest: 8))
    for (name, rows) in [("glimpse.patch.weight", 4), ("glimpse.location.weight", 2)] {
      let weight = model.parameter(name)
      for row in 0..<rows { for j in 0..<weight.columns { weight[row, j] = 0 } }
    }
    let bias = model.parameter("location.bias")
    let weight = model.parameter("location.weight")
    weight.pointer.update(repeating: 0, count: weight.rows * 3)
    (bias[0, 0], bias[0, 1]) = (0, 0)
    let single = AttentionReplica(model, on: world, examples: 1)
    func reward(_ zoom: Float) throws -> Double {
      bias[0, 2] = 2 * zoom  // 2 = √4 units
      try single.evaluate()
      return Double(single.agent.classifier?.answer(0).probability ?? .nan)
    }
    let cells = 400
    let edges = (0...cells).map { -1 + Double($0) * 2 / Double(cells) }
    let rewards =
      try [reward(-1)] + (0..<cells).map { try reward(Float((edges[$0] + edges[$0 + 1]) / 2)) }
      + [try reward(1)]
    func expected(_ mean: Double) -> Double {
      let below = [0] + edges.map { normalDistribution(($0 - mean) / Double(deviation)) } + [1]
      return zip(zip(below.dropFirst(), below).map { $0 - $1 }, rewards).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let mean: Float = 0.2
    bias[0, 2] = 2 * mean
    let gradient = (expected(Double(mean) + 1e-4) - expected(Double(mean) - 1e-4)) / 2e-4 / 2
    model.state = [Float(expected(Double(mean)))]  // less variance, the same mean
    let estimate = try Estimate(
      of: ["location.bias"], by: AttentionReplica(model, on: world, examples: 200))
    // Middles of cells in place of means over them: cells of 1/200, of a reward that is smooth but for kinks.
    #expect(estimate.isUnbiased([0, 0, gradient], tolerance: 1e-4), "\(estimate), enumerated \(gradient)")
    #expect(abs(gradient) > 10 * estimate.standardError[2], "\(gradient) of \(estimate)")
  }
}

extension Tiny {
  /// The model with another sensor.
  fileprivate func model(
    on world: any World, seed: UInt64 = 1, sensor: any Sensor
  ) -> RecurrentAttentionModel {
    prepareThreadForArithmetic()
    let model = RecurrentAttentionModel(network.with { $0.sensor = sensor }, for: world, seed: seed)
    fillLargely(model, seed: seed)
    return model
  }
}
