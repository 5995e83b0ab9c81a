import Numerics

/// Pictures in bytes as the input of a graph: x = byte / 255, from 0, black, to 1, white.
///
/// No gradient passes to them. As bytes they take a quarter of the memory of numbers, and are turned into numbers where
/// these are needed.
public struct Pixels {
  /// [steps × B, columns], read whenever the graph runs; it must outlive the graph.
  public let bytes: UnsafePointer<UInt8>
  public let columns: Int

  public init(_ bytes: UnsafePointer<UInt8>, columns: Int) {
    self.bytes = bytes
    self.columns = columns
  }
}

extension Graph {
  /// y = f(x W + b) at every step.     x [B, inputs]   W [inputs, outputs]   y [B, outputs]
  ///
  /// - Parameter layer: declared with `Parameter.Use.onceOnPixels` if every example passes it once.
  public func linear(_ x: Pixels, _ layer: LinearLayer, _ activation: Activation = .identity) -> Variable {
    var numbers = variable(columns: x.columns, gradient: false, dense: true)
    numbers.bytes = x.bytes
    append(Brightness(pixels: x, numbers: numbers))
    return linear(numbers, layer, activation)
  }
}

final class Brightness: Operation {
  private let pixels: Pixels
  private let numbers: Variable

  init(pixels: Pixels, numbers: Variable) {
    self.pixels = pixels
    self.numbers = numbers
  }

  func forward(step: Int) {
    let count = numbers.batch * numbers.columns
    brightness(pixels.bytes + step * count, into: numbers.value(at: step).pointer, count: count)
  }

  func backward(into gradients: GradientBuffer) {}
}
