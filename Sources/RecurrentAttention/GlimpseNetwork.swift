import Autodiff
import Learning

/// The glimpse network f_g (section 3, "Glimpse Sensor"; figure 1B).
///
///     h_g = Rect(Linear(ρ(x, l)))                [B, 128]
///     h_l = Rect(Linear(l))                      [B, 128]     l = (x, y), and more where more is decided
///     g   = Rect(Linear(h_g) + Linear(h_l))      [B, 256]
///
/// h_g and h_l stand side by side, so that the sum of two linear maps is one product. It has one bias where the paper's
/// notation has two, which is the same function with 256 fewer numbers.
public struct GlimpseNetwork: Sendable {
  let patch: LinearLayer
  let location: LinearLayer
  let joint: LinearLayer

  /// The widths of its layers.
  public struct Widths: Sendable, Equatable {
    public var patch: Int
    public var location: Int
    public var output: Int

    public init(patch: Int = 128, location: Int = 128, output: Int = 256) {  // paper: h_g, h_l, g
      self.patch = patch
      self.location = location
      self.output = output
    }

    var configuration: Configuration {
      Configuration("glimpse_network").with("patch", patch, default: 128).with(
        "location", location, default: 128
      )
      .with("output", output, default: 256)
    }

    init(_ configuration: Configuration) throws {
      patch = try configuration.value("patch", default: 128)
      location = try configuration.value("location", default: 128)
      output = try configuration.value("output", default: 256)
    }

    func check() throws {
      for (name, value) in [("patch", patch), ("location", location), ("output", output)] where value < 1 {
        throw DefinitionError(
          "the glimpse network's \(name) width", value, "it must be at least 1",
          cure: "choose a number such as 128")
      }
    }

    /// Multiply-adds of one glimpse: k g² h_g + 2 h_l + (h_g + h_l) g.
    func multiplyAdds(sensed: Int, locationColumns: Int) -> Int {
      sensed * patch + locationColumns * location + (patch + location) * output
    }
  }

  init(sensed: Int, locationColumns: Int, _ widths: Widths, in parameters: Parameters) {
    patch = LinearLayer(
      "glimpse.patch", inputs: sensed, outputs: widths.patch, passesGradient: false, in: parameters)
    location = LinearLayer(
      "glimpse.location", inputs: locationColumns, outputs: widths.location, passesGradient: false,
      in: parameters)
    joint = LinearLayer(
      "glimpse.joint", inputs: widths.patch + widths.location, outputs: widths.output, in: parameters)
  }

  func initialize(_ parameters: Parameters, seed: UInt64) {
    parameters.initialize(patch, seed: seed)
    parameters.initialize(location, seed: seed)
    // Two linear maps in the paper, so each has the range for its own number of inputs.
    let patchUnits = patch.weight.columns
    let units = joint.weight.rows
    parameters.fillUniform(joint.weight, fanIn: patchUnits, rows: 0..<patchUnits, seed: seed)
    parameters.fillUniform(
      joint.weight, fanIn: units - patchUnits, rows: patchUnits..<units, seed: seed, part: 1)
  }

  /// - Parameters:
  ///   - patches: ρ(x, l), [B, k g²] at every step, no gradient.
  ///   - locations: l, [B, location columns] at every step, no gradient.
  ///   - output: where g goes.
  public func callAsFunction(
    _ patches: Variable, _ locations: Variable, into output: Variable, in graph: Graph
  ) {
    let split = patch.weight.columns
    let sides = graph.variable(columns: joint.weight.rows)
    _ = graph.linear(patches, patch, .rectifier, into: sides.columns(0..<split))
    _ = graph.linear(locations, location, .rectifier, into: sides.columns(split..<sides.columns))
    _ = graph.linear(sides, joint, .rectifier, into: output)
  }
}
