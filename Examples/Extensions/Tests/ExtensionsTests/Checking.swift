import Autodiff
import Learning
import Numerics
import RecurrentAttention
import Testing

/// Expects the backward pass to agree with central differences, which must not all be zero.
func expectGradients(
  in graph: Graph, inputs: [Variable] = [], h: Float = 0x1p-10,
  sourceLocation: SourceLocation = #_sourceLocation, loss: () -> Double
) {
  for result in graph.compareGradients(inputs: inputs, h: h, loss: loss) {
    #expect(result.isRight, "\(result)", sourceLocation: sourceLocation)
  }
}

/// Uniform numbers in ±1.
func fill(_ matrix: Matrix, seed: UInt64) {
  var stream = RandomStream(seed: seed, .analysis, epoch: 1)
  for row in 0..<matrix.rows {
    for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
  }
}

func fill(_ parameters: Parameters, seed: UInt64) {
  for (index, tensor) in parameters.tensors.enumerated() {
    fill(parameters[tensor], seed: seed + 1000 * UInt64(index + 1))
  }
  parameters.refreshCopies()
}

/// Noise, 16 pixels wide, with any number of labels, for tests that do not depend on digits.
struct Noise: World {
  let side = 16
  var classCounts = [3]
  let summary = "noise"
  let configuration = Configuration("noise")

  func count(of split: Split) -> Int { 100 }

  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still {
    var stream = RandomStream(seed: seed, .scene, example: index)
    for pixel in pixels.indices { pixels[pixel] = UInt8(stream.integer(below: 256)) }
    for question in labels.indices { labels[question] = UInt8(stream.integer(below: classCounts[question])) }
    return Still()
  }
}

/// Frames that are black, grey or white: three classes that are easy to tell apart.
struct Brightness: StillWorld {
  let side = 8
  let classCount = 3
  let summary = "brightness"
  let configuration = Configuration("brightness")

  func count(of split: Split) -> Int { 3 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    for pixel in pixels.indices { pixels[pixel] = UInt8(120 * (index % 3)) }
    return UInt8(index % 3)
  }
}

/// A small model.
func tiny(_ adjust: (inout RecurrentAttention) -> Void = { _ in }) -> RecurrentAttention {
  RecurrentAttention(glimpses: 3, sensor: Retina(patchSide: 4, scales: 2)).with {
    $0.core = RectifierCore(units: 12)
    $0.glimpseNetwork = GlimpseNetwork.Widths(patch: 6, location: 6, output: 10)
    adjust(&$0)
  }
}
