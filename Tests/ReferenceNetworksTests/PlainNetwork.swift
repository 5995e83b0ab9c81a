import Foundation
import Autodiff
import Learning
import Numerics

/// A network a second time, one number after the other in double precision: what the fast ones are held
/// against.
struct PlainNetwork {
  /// By the names of the tensors, row-major.
  var weights: [String: [Double]] = [:]
  let logits: (_ weights: PlainNetwork, _ image: [Double]) -> [Double]

  init(_ parameters: Parameters, logits: @escaping (PlainNetwork, [Double]) -> [Double]) {
    self.logits = logits
    for tensor in parameters.tensors { weights[tensor.name] = numbers(parameters[tensor]) }
  }

  func linear(_ x: [Double], _ name: String) -> [Double] {
    let (w, b) = (weights[name + ".weight"]!, weights[name + ".bias"]!)
    return b.indices.map { j in
      x.indices.reduce(b[j]) { $0 + x[$1] * w[$1 * b.count + j] }
    }
  }

  /// All filters of the first place, then of the next.
  func convolution(_ image: [Double], side: Int, filterSide f: Int, stride: Int, _ name: String) -> [Double] {
    let (w, b) = (weights[name + ".weight"]!, weights[name + ".bias"]!)
    var output: [Double] = []
    for top in Swift.stride(from: 0, through: side - f, by: stride) {
      for left in Swift.stride(from: 0, through: side - f, by: stride) {
        for filter in b.indices {
          var z = b[filter]
          for i in 0..<f {
            for j in 0..<f { z += image[(top + i) * side + left + j] * w[(i * f + j) * b.count + filter] }
          }
          output.append(z)
        }
      }
    }
    return rectified(output)
  }

  func rectified(_ x: [Double]) -> [Double] { x.map { max($0, 0) } }

  /// -log softmax(logits)[label], summed over examples.
  func crossEntropy(_ examples: Examples) -> Double {
    zip(examples.images, examples.labels).reduce(0) { sum, example in
      let x = logits(self, example.0)
      return sum + log(x.reduce(0) { $0 + exp($1) }) - x[example.1]
    }
  }

  /// d (scale × cross entropy) / d weight by central differences, for all weights of a tensor.
  ///
  /// With a step of 1e-5 truncation and rounding are each about 1e-10: nothing beside single precision.
  func numericGradient(_ name: String, _ examples: Examples, scale: Double) -> [Double] {
    let step = 1e-5
    var copy = self
    return weights[name]!.indices.map { index in
      let value = weights[name]![index]
      copy.weights[name]![index] = value + step
      let above = copy.crossEntropy(examples)
      copy.weights[name]![index] = value - step
      let below = copy.crossEntropy(examples)
      copy.weights[name]![index] = value
      return scale * (above - below) / (2 * step)
    }
  }
}

/// Images of random pixels, [0, 1] for the plain networks, bytes for the fast ones: the world's examples, in order.
struct Examples: StillWorld {
  let side: Int
  let classCount: Int
  var bytes: [[UInt8]]
  var labels: [Int]
  var images: [[Double]] { bytes.map { $0.map { Double($0) / 255 } } }

  init(count: Int, side: Int, classes: Int, seed: UInt64) {
    (self.side, classCount) = (side, classes)
    var stream = RandomStream(seed: seed, .analysis)
    bytes = (0..<count).map { _ in (0..<side * side).map { _ in UInt8(stream.integer(below: 256)) } }
    labels = (0..<count).map { _ in stream.integer(below: classes) }
  }

  /// Some of them, from the first on.
  func some(_ range: Range<Int>) -> Examples {
    var copy = self
    (copy.bytes, copy.labels) = (Array(bytes[range]), Array(labels[range]))
    return copy
  }

  var summary: String { "random pixels" }
  var configuration: Configuration { Configuration("random_pixels") }
  func count(of split: Split) -> Int { bytes.count }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    for i in pixels.indices { pixels[i] = bytes[index][i] }
    return UInt8(labels[index])
  }
}

func numbers(_ matrix: Matrix) -> [Double] {
  (0..<matrix.rows).flatMap { row in (0..<matrix.columns).map { Double(matrix[row, $0]) } }
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count && !a.isEmpty, "\(a.count) numbers are compared with \(b.count)")
  return zip(a, b).map { abs($0 - $1) }.max()!
}
