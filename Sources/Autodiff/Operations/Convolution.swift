import Numerics

/// A convolution's tensors, for images of one channel: weight [f², filters] and bias [1, filters].
public struct ConvolutionLayer: Sendable {
  public let weight: Parameter
  public let bias: Parameter
  /// f, pixels.
  public let filterSide: Int
  /// From one place to the next, pixels.
  public let stride: Int

  public init(_ name: String, filters: Int, filterSide: Int, stride: Int, in parameters: Parameters) {
    require(
      filters > 0 && filterSide > 0 && stride > 0,
      "a convolution's filters (\(filters)), filter side (\(filterSide)) and stride (\(stride)) are above 0")
    self.filterSide = filterSide
    self.stride = stride
    weight = parameters.declare(name + ".weight", rows: filterSide * filterSide, columns: filters)
    bias = parameters.declare(name + ".bias", rows: 1, columns: filters)
  }

  /// Places of a filter along one side of an image, ⌊(side - f) / stride⌋ + 1: only where it lies wholly
  /// inside. Pixels left over at the right and lower edges are not seen.
  public func placesPerSide(imageSide: Int) -> Int {
    require(
      imageSide >= filterSide, "a filter \(filterSide) wide does not fit images \(imageSide) wide")
    return (imageSide - filterSide) / stride + 1
  }
}

extension Graph {
  /// y = Rect(x ∗ W + b) at every step x has.     x [B, side²]   W [f², filters]   y [B, places × filters]
  ///
  /// x are square images in row-major order; no gradient passes to them. y holds all filters of the first
  /// place, then all of the next, places in row-major order: a row is ready to be the next linear layer's
  /// input.
  public func convolution(_ x: Variable, imageSide: Int, _ layer: ConvolutionLayer) -> Variable {
    let places = layer.placesPerSide(imageSide: imageSide)
    let y = variable(columns: places * places * layer.weight.columns, steps: x.steps, dense: true)
    let operation = Convolution(
      x: x, y: y, imageSide: imageSide, layer: layer, parameters: parameters, arena: arena)
    append(operation, steps: y.steps)
    return y
  }
}

/// A convolution as one product: z = P W, where a row of P [B × places, f²] is what lies under the filter at
/// one place.
final class Convolution: Operation {
  private let x: Variable
  private let y: Variable
  private let layer: ConvolutionLayer
  private let imageSide: Int
  private let placesPerSide: Int
  private let weight: Matrix
  private let bias: UnsafeMutablePointer<Float>
  /// P of all steps, [steps × B × places, f²].
  private let patches: Matrix
  /// The bias, or its gradient, once for every place, [places × filters]: so wide a row vectorises, eight do
  /// not.
  private let wideBias: UnsafeMutablePointer<Float>

  private static let lane = SIMD16<Float>.scalarCount

  init(
    x: Variable, y: Variable, imageSide: Int, layer: ConvolutionLayer, parameters: Parameters, arena: Arena
  ) {
    require(
      x.columns == imageSide * imageSide, "images \(imageSide) wide are not rows of \(x.columns) numbers")
    require(!x.hasGradient, "a convolution passes no gradient to its images; give them without one")
    self.x = x
    self.y = y
    self.imageSide = imageSide
    self.layer = layer
    placesPerSide = layer.placesPerSide(imageSide: imageSide)
    weight = parameters[layer.weight]
    bias = parameters[layer.bias].pointer
    let rows = x.steps.count * x.batch * placesPerSide * placesPerSide
    // One lane more than is read, for the overhang of `copyPatches`.
    let memory: UnsafeMutablePointer<Float> = arena.take(count: rows * weight.rows + Self.lane)
    patches = Matrix(memory, rows: rows, columns: weight.rows)
    wideBias = arena.take(count: y.columns)
  }

  func forward(step: Int) {
    let (images, output) = (x.value(at: step), y.value(at: step))
    let rows = x.batch * placesPerSide * placesPerSide
    let here = Matrix(patches.row((step - x.steps.lowerBound) * rows), rows: rows, columns: patches.columns)
    for image in 0..<images.rows {
      copyPatches(of: images.row(image), into: here.row(image * placesPerSide * placesPerSide))
    }
    multiply(here, weight, into: perPlace(output))
    let filters = weight.columns
    for first in Swift.stride(from: 0, to: y.columns, by: filters) {
      (wideBias + first).update(from: bias, count: filters)
    }
    addBias(wideBias, to: output, .rectifier)
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients else { return }
    // y = Rect(z): dz = dy where y > 0, in place; z = P W + b: db = sum of dz over images and places
    wideBias.update(repeating: 0, count: y.columns)
    maskAndSum(dy, where: y.allValues, into: wideBias)
    let filters = weight.columns
    gradients.addRows(Matrix(wideBias, rows: y.columns / filters, columns: filters), to: layer.bias)
    // z = P W: dW = Pᵀ dz
    gradients.add(patches.transposed, perPlace(dy), to: layer.weight)
  }

  /// [B, places × filters] read as [B × places, filters]; rows lie without gaps, as `convolution` made the
  /// variable.
  private func perPlace(_ matrix: Matrix) -> Matrix {
    let filters = weight.columns
    return Matrix(matrix.pointer, rows: matrix.rows * (matrix.columns / filters), columns: filters)
  }

  /// One image's rows of P: at every place f rows of f pixels that lie side by side.
  ///
  /// Whole lanes are copied. What hangs over a row is overwritten by the next one, and the arena allows
  /// reading as far past the last image.
  private func copyPatches(of image: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>) {
    let (side, f, stride) = (imageSide, layer.filterSide, layer.stride)
    var destination = output
    for top in 0..<placesPerSide {
      for left in 0..<placesPerSide {
        var source = image + (top &* side &+ left) &* stride
        for _ in 0..<f {
          var j = 0
          while j < f {
            let pixels = UnsafeRawPointer(source + j).loadUnaligned(as: SIMD16<Float>.self)
            UnsafeMutableRawPointer(destination + j).storeBytes(of: pixels, as: SIMD16<Float>.self)
            j &+= Self.lane
          }
          source += side
          destination += f
        }
      }
    }
  }
}
