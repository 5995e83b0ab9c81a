import NumericCore

/// The core network f_h (section 3, "Internal state").
///
///     rectifier   h_t = Rect(Linear(h_{t-1}) + Linear(g_t))     section 4, classification
///     lstm        h_t = LSTM(h_{t-1}, g_t)                      section 4.2, Catch
public struct CoreNetwork: Sendable {
  public typealias Kind = AttentionSettings.Core

  let kind: Kind
  let layer: RecurrentLayer

  public init(_ kind: Kind, inputs: Int, units: Int, in parameters: Parameters) {
    self.kind = kind
    layer = RecurrentLayer("core", inputs: inputs, units: units, gates: kind == .lstm ? 4 : 1, in: parameters)
  }

  public func initialize(_ parameters: Parameters, start: AttentionSettings.RecurrentStart, seed: UInt64) {
    let (inputs, units) = (layer.inputs, layer.units)
    parameters.fillUniform(layer.weight, fanIn: inputs, rows: 0..<inputs, seed: seed)
    parameters.fillUniform(layer.weight, fanIn: units, rows: inputs..<(inputs + units), seed: seed, part: 1)
    switch kind {
    case .rectifier:
      if start == .identity { parameters.fillIdentity(layer.weight, firstRow: inputs) }
    case .lstm:
      // ours: the forget gate starts open (Gers et al. 2000; Jozefowicz et al. 2015)
      parameters.fill(layer.bias, with: 1, columns: units..<(2 * units))
    }
  }

  /// h [B, units] at every step, from g that `input` writes.
  public func callAsFunction(in graph: Graph, input: (Variable) -> Void) -> Variable {
    switch kind {
    case .rectifier: graph.rectifierCore(layer, input: input)
    case .lstm: graph.lstmCore(layer, input: input)
    }
  }
}
