import CConvolution
import Numerics

/// A convolution's tensors, for images of one channel: weight [f², filters] and bias [1, filters].
public struct ConvolutionLayer: Sendable {
  public let weight: Parameter
  public let bias: Parameter
  /// f, pixels.
  public let filterSide: Int
  /// The distance from one place to the next, in pixels.
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

  /// The number of places of a filter along one side of an image, ⌊(side - f) / stride⌋ + 1, where it lies completely
  /// inside. Pixels that are left over at the right and lower edges are not seen.
  public func placesPerSide(imageSide: Int) -> Int {
    require(
      imageSide >= filterSide, "a filter \(filterSide) wide does not fit images \(imageSide) wide")
    return (imageSide - filterSide) / stride + 1
  }
}

extension Graph {
  /// y = Rect(x ∗ W + b) at every step.     x [B, side²]   W [f², filters]   y [B, places × filters]
  ///
  /// x are square images in row-major order. y holds all filters of the first place, then all of the next, with places
  /// in row-major order, so a row can be the input of a linear layer.
  public func convolution(_ x: Pixels, imageSide: Int, _ layer: ConvolutionLayer) -> Variable {
    let places = layer.placesPerSide(imageSide: imageSide)
    let y = variable(columns: places * places * layer.weight.columns, dense: true)
    append(Convolution(x: x, y: y, imageSide: imageSide, layer: layer, graph: self))
    return y
  }
}

/// At every place z = p W, where p [f²] are the pixels under the filter there; W is read eight filters at a time.
final class Convolution: Operation {
  private let x: Pixels
  private let y: Variable
  private let layer: ConvolutionLayer
  private let imageSide: Int
  private let weight: Matrix
  private let bias: UnsafeMutablePointer<Float>
  private let places: Int
  /// Number of groups of eight filters.
  private let groups: Int
  /// Pairs of columns in a row of a filter, and numbers in the dW of a group, both rounded up to whole tiles of the
  /// kernel.
  private let (pairsPerRow, sumsCount): (Int, Int)
  /// The first pixel under the filter at each place.
  private let corners: UnsafeMutablePointer<Int32>
  /// Two images, [side², 2].
  private let pair: UnsafeMutablePointer<Float>
  /// All images for the gradient, [steps × B, side²]; nil where none is made.
  private let images: UnsafeMutablePointer<Float>?
  /// The weights and then the bias of eight filters at a time, each number twice: [filters / 8, f² + 1, 8, 2].
  private let doubled: UnsafeMutablePointer<Float>
  /// dW of a block of places and of all, each [filters / 8, f, f / 2, 8, 2]; f rounded up to whole tiles of the kernel.
  private let (block, total): (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  /// The bias's gradient, once for every place, [places × filters]: so wide a row vectorises, eight do not.
  private let wideBias: UnsafeMutablePointer<Float>

  private static let lanes = 8
  /// Places that are added up in one chain, as many as oneDNN's kernels would take.
  private static let longestChain = 384

  init(x: Pixels, y: Variable, imageSide: Int, layer: ConvolutionLayer, graph: Graph) {
    require(
      x.columns == imageSide * imageSide, "images \(imageSide) wide are not rows of \(x.columns) pixels")
    self.x = x
    self.y = y
    self.imageSide = imageSide
    self.layer = layer
    weight = graph.parameters[layer.weight]
    bias = graph.parameters[layer.bias].pointer
    let perSide = layer.placesPerSide(imageSide: imageSide)
    places = perSide * perSide
    groups = (weight.columns + Self.lanes - 1) / Self.lanes
    pairsPerRow = (layer.filterSide + 9) / 10 * 5
    sumsCount = (layer.filterSide + 4) / 5 * 5 * pairsPerRow * 2 * Self.lanes
    let arena = graph.arena
    corners = arena.take(count: places)
    for place in 0..<places {
      corners[place] = Int32((place / perSide * imageSide + place % perSide) * layer.stride)
    }
    pair = arena.take(count: 2 * x.columns)
    images = graph.isForwardOnly ? nil : arena.take(count: graph.steps * graph.batch * x.columns)
    doubled = arena.take(count: groups * (weight.rows + 1) * 2 * Self.lanes)
    (block, total) = (arena.take(count: groups * sumsCount), arena.take(count: groups * sumsCount))
    wideBias = arena.take(count: y.columns)
  }

  func forward(step: Int) {
    doubleWeights()
    let (output, filters) = (y.value(at: step), weight.columns)
    let bytes = x.bytes + step * y.batch * x.columns
    for first in Swift.stride(from: 0, to: y.batch, by: 2) {
      // The last of an odd number is computed twice.
      let second = min(first + 1, y.batch - 1)
      interleave(bytes + first * x.columns, bytes + second * x.columns)
      for group in 0..<groups {
        let weights = doubled + group * (weight.rows + 1) * 2 * Self.lanes
        let column = group * Self.lanes
        convolve(
          pair, imageSide, corners, places, weights, weights + weight.rows * 2 * Self.lanes, layer.filterSide,
          output.row(first) + column, output.row(second) + column, filters, min(Self.lanes, filters - column))
      }
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients, let images else { return }
    // y = Rect(z): dz = dy where y > 0, in place; z = p W + b: db = sum of dz over images and places
    wideBias.update(repeating: 0, count: y.columns)
    maskAndSum(dy, where: y.allValues, into: wideBias)
    let filters = weight.columns
    gradients.addRows(Matrix(wideBias, rows: places, columns: filters), to: layer.bias)
    // z = p W: dW = sum of pᵀ dz over images and places
    brightness(x.bytes, into: images, count: dy.rows * x.columns)
    sumProducts(images, dy)
    let dw = gradients[layer.weight]
    for k in 0..<dw.rows {
      let (row, column) = (k / layer.filterSide, k % layer.filterSide)
      for filter in 0..<filters {
        let group = total + filter / Self.lanes * sumsCount
        dw[k, filter] +=
          group[
            ((row * pairsPerRow + column / 2) * Self.lanes + filter % Self.lanes) * 2 + column % 2]
      }
    }
  }

  /// total = Σ pᵀ dz, in blocks of places: long chains of additions lose digits and short ones time.
  private func sumProducts(_ images: UnsafePointer<Float>, _ dz: Matrix) {
    let count = groups * sumsCount
    total.update(repeating: 0, count: count)
    let end = dz.rows * places
    var first = 0
    while first < end {
      // As oneDNN cuts such sums: in two halves what is longer than a chain and shorter than two.
      let left = end - first
      let size =
        left >= 2 * Self.longestChain ? Self.longestChain : left > Self.longestChain ? (left + 1) / 2 : left
      block.update(repeating: 0, count: count)
      for group in 0..<groups {
        convolution_gradient(
          images, imageSide, corners, places, first, size, dz.pointer + group * Self.lanes,
          weight.columns, layer.filterSide, block + group * sumsCount)
      }
      for i in 0..<count { total[i] += block[i] }
      first += size
    }
  }

  // MARK: - Memory as the kernels read it

  private func doubleWeights() {
    for group in 0..<groups {
      let first = group * Self.lanes
      for row in 0...weight.rows {
        let numbers = (row < weight.rows ? weight.row(row) : bias) + first
        let twice = doubled + (group * (weight.rows + 1) + row) * 2 * Self.lanes
        for lane in 0..<min(Self.lanes, weight.columns - first) {
          (twice[2 * lane], twice[2 * lane + 1]) = (numbers[lane], numbers[lane])
        }
      }
    }
  }

  /// Writes two images as numbers from 0 to 1 into `pair`.
  private func interleave(_ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>) {
    for i in 0..<x.columns { (pair[2 * i], pair[2 * i + 1]) = (brightness(first[i]), brightness(second[i])) }
  }
}
