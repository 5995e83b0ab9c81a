import NumericCore

/// The glimpse network f_g (section 3, "Glimpse Sensor"; figure 1B).
///
///     h_g = Rect(Linear(ρ(x, l)))                [B, 128]
///     h_l = Rect(Linear(l))                      [B, 128]
///     g   = Rect(Linear(h_g) + Linear(h_l))      [B, 256]
///
/// h_g and h_l stand side by side, so that the sum of two linear maps is one product. It has one bias where the paper's
/// notation has two, which is the same function with 256 numbers less.
public struct GlimpseNetwork: Sendable {
  let patch: LinearLayer
  let location: LinearLayer
  let joint: LinearLayer

  public init(retina: Retina, patchUnits: Int, locationUnits: Int, outputs: Int, in parameters: Parameters) {
    patch = LinearLayer(
      "glimpse.patch", inputs: retina.columns, outputs: patchUnits, passesGradient: false, in: parameters)
    location = LinearLayer(
      "glimpse.location", inputs: 2, outputs: locationUnits, passesGradient: false, in: parameters)
    joint = LinearLayer("glimpse.joint", inputs: patchUnits + locationUnits, outputs: outputs, in: parameters)
  }

  public func initialize(_ parameters: Parameters, seed: UInt64) {
    parameters.initialize(patch, seed: seed)
    parameters.initialize(location, seed: seed)
    // Two linear maps of the paper, each with the range of its own inputs.
    let patchUnits = patch.weight.columns
    let units = joint.weight.rows
    parameters.fillUniform(joint.weight, fanIn: patchUnits, rows: 0..<patchUnits, seed: seed)
    parameters.fillUniform(joint.weight, fanIn: units - patchUnits, rows: patchUnits..<units, seed: seed, part: 1)
  }

  /// - Parameters:
  ///   - patches: ρ(x, l), [B, k g²] at every step, no gradient.
  ///   - locations: l, [B, 2] at every step, no gradient.
  ///   - output: where g goes.
  public func callAsFunction(_ patches: Variable, _ locations: Variable, into output: Variable, in graph: Graph) {
    let split = patch.weight.columns
    let sides = graph.variable(columns: joint.weight.rows)
    _ = graph.linear(patches, patch, .rectifier, into: sides.columns(0..<split))
    _ = graph.linear(locations, location, .rectifier, into: sides.columns(split..<sides.columns))
    _ = graph.linear(sides, joint, .rectifier, into: output)
  }
}
