import Numerics

extension Graph {
  /// Pictures as numbers from 0 to 1, x = bytes / 255, at every step.     bytes, x [B, columns]
  ///
  /// No gradient passes to them. A layer that is declared with `Parameter.Use.onceOnPixels` takes them.
  ///
  /// - Parameter bytes: read whenever the graph runs forward or backward; must outlive it.
  public func pixels(_ bytes: UnsafePointer<UInt8>, columns: Int) -> Variable {
    var x = variable(columns: columns, gradient: false, dense: true)
    x.bytes = bytes
    append(Pixels(bytes: bytes, x: x))
    return x
  }
}

final class Pixels: Operation {
  private let bytes: UnsafePointer<UInt8>
  private let x: Variable

  init(bytes: UnsafePointer<UInt8>, x: Variable) {
    self.bytes = bytes
    self.x = x
  }

  func forward(step: Int) {
    brightness(bytes, into: x.value(at: step).pointer, count: x.batch * x.columns)
  }

  func backward(into gradients: GradientBuffer) {}
}
