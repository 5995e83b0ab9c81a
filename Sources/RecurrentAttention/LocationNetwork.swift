import NumericCore

/// The location network f_l (section 3, "Actions"): the mean of a two-component Gaussian with fixed variance.
///
///     μ_t = squash(Linear(h_t))     [B, 2];  optionally one rectifier layer before
///
/// The sample is drawn outside of the graph and never differentiated; the mean always is.
public struct LocationNetwork: Sendable {
  let hidden: LinearLayer?
  let head: LinearLayer
  let squashing: Squashing

  public init(inputs: Int, hiddenUnits: Int?, squashing: Squashing, in parameters: Parameters) {
    hidden = hiddenUnits.map { LinearLayer("location.hidden", inputs: inputs, outputs: $0, in: parameters) }
    head = LinearLayer("location", inputs: hiddenUnits ?? inputs, outputs: 2, in: parameters)
    self.squashing = squashing
  }

  public func initialize(_ parameters: Parameters, seed: UInt64) {
    if let hidden { parameters.initialize(hidden, seed: seed) }
    parameters.initialize(head, seed: seed)
  }

  public func callAsFunction(_ state: Variable, in graph: Graph) -> Variable {
    let input = hidden.map { graph.linear(state, $0, .rectifier) } ?? state
    return graph.squash(graph.linear(input, head), by: squashing)
  }
}
