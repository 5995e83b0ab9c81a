import Autodiff
import Learning
import Numerics

@testable import RecurrentAttention

/// Looks where it is told: what a policy would have seen elsewhere is what this one sees.
final class ForcedGaze: Gaze, @unchecked Sendable {
  /// [glimpses][rows × 2].
  var places: [[Float]]

  init(_ places: [[Float]]) { self.places = places }

  var configuration: Configuration { Configuration("forced") }
  func isStochastic(glimpses: Int) -> Bool { false }
  /// So that the model has a baseline.
  func decides(glimpses: Int) -> Bool { true }
  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { [self] moment, _, locations in
      for row in 0..<locations.rows {
        for axis in 0..<2 { locations[row, axis] = places[moment.step][2 * row + axis] }
      }
    }
  }
}

/// A copy of a model that looks where it is told, with what it expects and answers.
final class ForcedAgent {
  let agent: Agent
  /// b, [B, columns] at every step; nil without a baseline.
  let expected: Variable?
  private let gaze: ForcedGaze

  init(_ model: RecurrentAttentionModel, on world: any World, rows: Int) throws {
    let stage = Stage(world, capacity: rows)
    try stage.begin(.training, first: 0, count: rows, seed: 1)
    let gaze = ForcedGaze([])
    let copy = model.copy(as: model.network.with { $0.gaze = gaze }, for: world)
    agent = Agent(copy, on: stage)
    self.gaze = gaze
    let layer = (copy.objective as? ClassificationObjective.Layer)?.baseline
    expected = layer?.values(of: agent.states.state, in: agent.graph)
  }

  /// - Parameter places: [glimpses][rows × 2].
  func look(at places: [[Float]]) {
    gaze.places = places
    agent.run(AgentRun(Rollout(.training, firstExample: 0, count: agent.rows, seed: 1)))
  }
}
