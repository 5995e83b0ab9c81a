import Autodiff
import Learning
import Numerics

/// A baseline that is read from states, with its tensors.
public struct BaselineLayer: Sendable {
  let layer: LinearLayer
  let baseline: any Baseline

  /// Declares the layer's tensors; nil when nothing is read from a state.
  ///
  /// - Parameter units: the columns of h.
  public init?(_ baseline: any Baseline, units: Int, on world: any World, in parameters: Parameters) {
    let columns = baseline.columns(on: world)
    guard columns > 0 else { return nil }
    self.baseline = baseline
    layer = LinearLayer("baseline", inputs: units, outputs: columns, in: parameters)
  }

  public func initialize(_ parameters: Parameters, seed: UInt64) { parameters.initialize(layer, seed: seed) }

  /// Linear(h), [B, columns] at every step.
  public func values(of state: Variable, in graph: Graph) -> Variable { graph.linear(state, layer) }

  /// Which column is an example's b.
  public func column(of example: Int, on stage: Stage) -> Int {
    guard stage.hasLabels else { return 0 }
    let column = baseline.column(label: stage.label(example))
    require(
      0..<layer.weight.columns ~= column, "the baseline's column is \(column) of \(layer.weight.columns)")
    return column
  }
}
