import Numerics

extension Graph {
  /// A loss for checking the gradients of any operations that compute y: Σ c y, with fixed coefficients c, drawn from -1 to 1.
  public func probe(_ y: Variable, seed: UInt64) -> Probe {
    let probe = Probe(y, seed: seed)
    append(probe, steps: y.steps)
    return probe
  }

  /// Runs forward and backward, then moves every number of the parameters and of the inputs by ±h.
  ///
  /// - Parameters:
  ///   - h: 2^-10 where a rectifier's kink must not lie in between, 2^-7 where everything is smooth.
  ///   - loss: read after a forward pass.
  public func compareGradients(
    inputs: [Variable] = [], h: Float = 0x1p-10, loss: () -> Double
  ) -> [GradientComparison] {
    prepareThreadForArithmetic()
    // In bfloat16, products would read rounded copies, which do not move with the numbers.
    require(parameters.precision == .single, "gradients are compared in single precision")
    parameters.refreshCopies()
    func forward() -> Double {
      for step in 0..<steps { self.forward(step: step) }
      return loss()
    }
    _ = forward()
    let gradients = GradientBuffer(for: parameters)
    backward(into: gradients)

    func compare(_ name: String, _ values: Matrix, _ gradient: Matrix) -> GradientComparison {
      var result = GradientComparison(name: name, h: h)
      for row in 0..<values.rows {
        for j in 0..<values.columns {
          let (value, backward) = (values[row, j], Double(gradient[row, j]))
          values[row, j] = value + h
          let (above, right) = (forward(), values[row, j])
          values[row, j] = value - h
          let (below, left) = (forward(), values[row, j])
          values[row, j] = value
          let numeric = (above - below) / (Double(right) - Double(left))
          let difference = abs(backward - numeric)
          let error = difference.isNaN ? .infinity : difference
          if error > result.error {
            result.error = error
            result.worst = (row, j, backward, numeric)
          }
          result.scale = max(result.scale, abs(numeric))
        }
      }
      return result
    }
    let results = parameters.tensors.map { compare($0.name, parameters[$0], gradients[$0]) }
    return results
      + inputs.enumerated().compactMap { index, input in
        input.allGradients.map { compare("input \(index)", input.allValues, $0) }
      }
  }
}

/// L = Σ c y over all numbers of `y`, with fixed coefficients c, drawn from -1 to 1.
public final class Probe: Operation {
  public let y: Variable
  private let coefficients: [Float]
  /// The gradient that it passes on is multiplied by this, so that a comparison can be seen to fail.
  public var mistake: Float = 1

  init(_ y: Variable, seed: UInt64) {
    self.y = y
    var stream = RandomStream(seed: seed, .analysis)
    coefficients = (0..<(y.allValues.rows * y.columns)).map { _ in stream.uniform(from: -1, to: 1) }
  }

  public var loss: Double {
    let values = y.allValues
    var sum = 0.0
    for row in 0..<values.rows {
      for j in 0..<y.columns { sum += Double(coefficients[row * y.columns + j]) * Double(values[row, j]) }
    }
    return sum
  }

  public func forward(step: Int) {}

  public func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients else { return }
    for row in 0..<dy.rows {
      for j in 0..<y.columns { dy[row, j] += mistake * coefficients[row * y.columns + j] }
    }
  }
}

/// How far a gradient is from central differences.
public struct GradientComparison: Sendable, CustomStringConvertible {
  /// The tensor's name, or "input 0".
  public let name: String
  let h: Float
  /// Largest |backward - numeric|.
  public internal(set) var error = 0.0
  /// The element with this error.
  var worst = (row: 0, column: 0, backward: 0.0, numeric: 0.0)
  /// Largest |numeric|.
  public internal(set) var scale = 0.0

  /// Rounding: a loss of order one carries some sixteen roundings, 2^-20, over 2h. Truncation: h² f''' / 6
  /// with f''' up to 60.
  public var tolerance: Double { (0x1p-21 / Double(h) + 10 * Double(h * h)) * max(1, scale) }
  /// They agree, and are not all zero: a dead unit passes any backward.
  public var isRight: Bool { error <= tolerance && scale > 20 * tolerance }

  public var description: String {
    let most = "of at most \(tolerance)"
    return if error > tolerance {
      "\(name): at [\(worst.row), \(worst.column)] backward gives \(worst.backward) and central differences give "
        + "\(worst.numeric), instead of a difference \(most); if a rectifier's kink lies within ±\(h), another seed or a "
        + "smaller h avoids it"
    } else if !isRight {
      "\(name): the loss hardly depends on it (largest derivative \(scale)), so its gradient is not tested"
    } else {
      "\(name): right (largest difference \(error), \(most))"
    }
  }
}
