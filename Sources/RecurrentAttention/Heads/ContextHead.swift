import Autodiff
import Learning
import Numerics

/// A gaze with a context or a memory in a graph.
final class ContextHead: GazeHead {
  private let policy: GaussianGaze
  private let centeredUntil: Float
  private let decisions: GaussianScore?
  private let context: Context?

  init(_ layer: ContextGaze.Layer, _ state: Variable, _ graph: Graph, _ stage: Stage) {
    (policy, centeredUntil) = (layer.gaze.policy, layer.gaze.centeredUntil)
    let context = Context(layer, graph, stage)
    self.context = context
    guard let places = layer.places, graph.steps > 1 else {
      decisions = nil
      return
    }
    var seen = (policy.trainsCore ? state : state.detached).during(0..<(graph.steps - 1))
    if let memory = layer.memory {
      let operation = PlaceMemory(memory, seen, from: context?.start, in: graph)
      graph.append(operation, steps: seen.steps)
      context?.handover.later = operation
      seen = operation.state
    }
    decisions = policy.policy(graph.linear(seen, places), in: graph)
  }

  var score: (any ScoreFunction)? { decisions }
  var firstScore: (any ScoreFunction)? { context?.first }

  func choose(_ moment: Moment, into locations: Matrix) {
    if moment.step > 0, let decisions {
      return policy.draw(moment, decisions, step: moment.step - 1, into: locations)
    }
    if let context {
      context.look()
      policy.draw(moment, context.first, step: 0, into: locations)
      if moment.isSampled { center(moment, context.first, locations) }
      return
    }
    for row in 0..<locations.rows { (locations[row, 0], locations[row, 1]) = (0, 0) }
  }

  /// Makes a share of the rows look at the centre first. Their sample is set to the mean, where the score has no gradient.
  private func center(_ moment: Moment, _ first: GaussianScore, _ locations: Matrix) {
    guard moment.progress.fraction < centeredUntil else { return }
    let share = 1 - moment.progress.fraction / centeredUntil
    let (mean, samples) = (first.mean.value(at: 0), first.samples.value(at: 0))
    for row in 0..<locations.rows where moment.streams[row].uniform() < share {
      for axis in 0..<2 { (samples[row, axis], locations[row, axis]) = (mean[row, axis], 0) }
    }
  }

  func writeAntitheticPlace(step: Int, into locations: Matrix) {
    guard let score = step == 0 ? context?.first : decisions else {
      preconditionFailure("place \(step) is not the policy's")
    }
    policy.mirror(score, step: max(step - 1, 0), into: locations)
  }

  func backward(into gradients: GradientBuffer) { context?.graph.backward(into: gradients) }
}

/// The context and the first place decided from it: a graph of one step, which runs before the main one.
private final class Context {
  let graph: Graph
  /// c, [B, u].
  let start: Variable
  let first: GaussianScore
  let handover: Handover
  private let seen: Variable
  private let places: Matrix
  private let stage: Stage
  private let eye: any SensorReader

  /// nil if the gaze has no context.
  init?(_ layer: ContextGaze.Layer, _ main: Graph, _ stage: Stage) {
    guard let sensor = layer.gaze.context, let context = layer.context, let decision = layer.first else {
      return nil
    }
    self.stage = stage
    eye = sensor.makeReader(frames: stage.capacity, side: stage.side)
    graph = Graph(steps: 1, batch: main.batch, parameters: main.parameters, isForwardOnly: main.isForwardOnly)
    seen = graph.variable(columns: sensor.columns, gradient: false)
    places = Matrix(graph.arena.take(count: 2 * main.batch), rows: main.batch, columns: 2)
    start = graph.linear(seen, context, .rectifier)
    handover = Handover(of: start, scale: 1 / Float(start.columns).squareRoot(), in: graph)
    graph.append(handover)
    first = layer.gaze.policy.policy(graph.linear(handover.scaled, decision), in: graph)
  }

  /// Looks at the frames' centres: the matrix of places is zero.
  func look() {
    eye.prepare(stage.frames, count: stage.count)
    eye.look(stage.frames, at: places, rowsPerFrame: graph.batch / stage.capacity, into: seen.value(at: 0))
    graph.forward(step: 0)
  }
}

/// Passes c on: divided by √units to the layer of the first place, and unchanged to the memory of places. The memory is in
/// the main graph, whose backward pass has run before this one.
private final class Handover: Operation {
  /// c / √units, [B, units].
  let scaled: Variable
  var later: PlaceMemory?
  private let start: Variable
  private let scale: Float

  init(of start: Variable, scale: Float, in graph: Graph) {
    (self.start, self.scale) = (start, scale)
    scaled = graph.variable(columns: start.columns)
  }

  func forward(step: Int) {
    let (c, output) = (start.value(at: 0), scaled.value(at: 0))
    for row in 0..<c.rows {
      for j in 0..<c.columns { output[row, j] = scale * c[row, j] }
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dc = start.gradient(at: 0), let d = scaled.gradient(at: 0) else { return }
    let passed = later?.startGradient
    for row in 0..<dc.rows {
      for j in 0..<dc.columns { dc[row, j] += scale * d[row, j] + (passed?[row, j] ?? 0) }
    }
  }
}
