import Autodiff
import Learning
import Numerics

/// What the agent would have found at the locations on the other side of its policy's means: one step forward from each of
/// its states, which is then discarded.
///
/// All steps of time stand side by side in one graph of two steps: the agent's states h_{t-1} are copied into the
/// first, and the second looks. A learned first location has a graph of its own, because nothing comes before it.
public final class AntitheticLooks {
  /// V'_t, the value after looking at the other location at glimpse t, [T, rows]; written only for glimpses that were
  /// decided.
  public let values: Matrix

  private let agent: Agent
  /// nil where the only glimpse is the last one, whose value is the reward.
  private let baseline: BaselineLayer?
  private let worth: (LookOutcome) -> Float
  private let later: Step?
  private let first: Step?
  private let arena = Arena()

  /// One step forward from given states.
  struct Step {
    let unrolling: Unrolling
    let values: Variable?
    let heads: [any ActionHead]
    let classifier: Classifier?

    init(_ agent: Agent, steps: Int, rows: Int, baseline: BaselineLayer?) {
      let unrolling = agent.model.unroll(steps: steps, rows: rows, isForwardOnly: true)
      self.unrolling = unrolling
      let state = unrolling.states.state.during((steps - 1)..<steps)
      values = baseline?.values(of: state, in: unrolling.graph)
      heads = agent.model.actions.map { $0.attach(to: state, in: unrolling.graph) }
      classifier = heads.first()
    }
  }

  /// - Parameter worth: the value of what is known after looking.
  public init(of agent: Agent, baseline: BaselineLayer?, worth: @escaping (LookOutcome) -> Float) {
    self.agent = agent
    self.baseline = baseline
    self.worth = worth
    let steps = agent.graph.steps
    values = Matrix(arena.take(count: steps * agent.rows), rows: steps, columns: agent.rows)
    later =
      agent.gaze.score == nil
      ? nil : Step(agent, steps: 2, rows: (steps - 1) * agent.rows, baseline: baseline)
    first = agent.gaze.firstScore == nil ? nil : Step(agent, steps: 1, rows: agent.rows, baseline: baseline)
  }

  /// Looks, after the agent's run.
  public func look() {
    if let first { look(first, at: 0..<1) }
    if let later {
      for (own, agents) in zip(later.unrolling.states.carried, agent.states.carried) {
        let before = agents.during(0..<(agent.graph.steps - 1)).allValues
        let here = own.value(at: 0)
        for row in 0..<here.rows { here.row(row).update(from: before.row(row), count: here.columns) }
      }
      look(later, at: 1..<agent.graph.steps)
    }
  }

  /// Looks for the glimpses in `range`, which follow each other in the rows of the graph's last step.
  private func look(_ step: Step, at range: Range<Int>) {
    let (unrolling, rows) = (step.unrolling, agent.rows)
    let now = unrolling.graph.steps - 1
    let (locations, patches) = (unrolling.locations.value(at: now), unrolling.patches.value(at: now))
    for (index, t) in range.enumerated() {
      let own = (index * rows)..<((index + 1) * rows)
      let (location, patch) = (locations.rows(own), patches.rows(own))
      agent.checkLocations(location, step: t) {
        agent.gaze.writeAntitheticLocation(step: t, into: location)
      }
      agent.eye.look(agent.stage.frames, at: location, rowsPerFrame: agent.episodes, into: patch)
    }
    step.classifier?.setLabels(of: agent.stage, episodes: agent.episodes)
    unrolling.graph.forward(step: now)
    for (index, t) in range.enumerated() {
      for row in 0..<rows {
        values[t, row] = worth(
          LookOutcome(
            glimpse: t, isLast: t == agent.graph.steps - 1, step: step, row: index * rows + row,
            column: baseline?.column(of: row / agent.episodes, on: agent.stage) ?? 0))
      }
    }
  }
}

/// What is known after looking at the other location of a glimpse.
public struct LookOutcome {
  /// Counted from 0.
  public let glimpse: Int
  public let isLast: Bool
  fileprivate let step: AntitheticLooks.Step
  fileprivate let row: Int
  fileprivate let column: Int

  /// The step of the graph that has looked.
  private var now: Int { step.unrolling.graph.steps - 1 }
  /// What would be answered.
  public var answer: Answer { step.classifier?.answer(row) ?? Answer(isRight: false, probability: 0) }
  /// b, what is expected of going on; 0 without a baseline.
  public var expected: Float { step.values?.value(at: now)[row, column] ?? 0 }
  /// What the head of an action makes of the look; nil if the model has none of this type.
  public func decision<Head: ActionHead>(_ read: (Head, _ row: Int, _ step: Int) -> Float) -> Float? {
    step.heads.first(Head.self).map { read($0, row, now) }
  }
}

extension AntitheticLooks {
  /// The value for a model that answers after its last glimpse: the answer's reward then, and before it the expected
  /// return.
  public static func lastAnswer(_ reward: any Reward) -> (LookOutcome) -> Float {
    { $0.isLast ? reward.value(of: $0.answer) : $0.expected }
  }
}
