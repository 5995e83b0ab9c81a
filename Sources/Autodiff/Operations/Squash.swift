import Numerics

/// How a location mean is kept near the image.
public enum Squashing: String, Sendable, Codable {
  /// Not at all: only the place that is looked at is clipped, so a mean outside can still learn its way back.
  case none
  /// Clipped to [-1, 1]; outside, no gradient passes, and a mean stays where it is.
  case clip
  case tanh
}

extension Graph {
  /// y = x, x clipped to [-1, 1], or tanh x.     x, y [B, columns]
  public func squash(_ x: Variable, by squashing: Squashing) -> Variable {
    let y = variable(columns: x.columns, steps: x.steps)
    append(Squash(x: x, y: y, squashing: squashing), steps: y.steps)
    return y
  }
}

final class Squash: Operation {
  private let x: Variable
  private let y: Variable
  private let squashing: Squashing

  init(x: Variable, y: Variable, squashing: Squashing) {
    self.x = x
    self.y = y
    self.squashing = squashing
  }

  func forward(step: Int) {
    let (input, output) = (x.value(at: step), y.value(at: step))
    for row in 0..<input.rows {
      for j in 0..<input.columns {
        let value = input[row, j]
        switch squashing {
        case .none: output[row, j] = value
        case .clip: output[row, j] = min(max(value, -1), 1)
        case .tanh: output[row, j] = Elementary.tanh(value)
        }
      }
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients, let dx = x.allGradients else { return }
    let (input, output) = (x.allValues, y.allValues)
    for row in 0..<dy.rows {
      for j in 0..<dy.columns {
        // none: dx = dy.  clip: dx = dy inside of [-1, 1], else 0.  tanh: dx = dy (1 - y²)
        let slope: Float
        switch squashing {
        case .none: slope = 1
        case .clip: slope = abs(input[row, j]) <= 1 ? 1 : 0
        case .tanh: slope = 1 - output[row, j] * output[row, j]
        }
        dx[row, j] += dy[row, j] * slope
      }
    }
  }
}
