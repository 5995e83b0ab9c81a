import Autodiff
import Numerics
import Testing

@Suite("Convolution")
struct ConvolutionTests {
  private let arena = Arena()

  init() { prepareThreadForArithmetic() }

  /// Images in memory that lives as long as the test.
  fileprivate func images(_ bytes: [UInt8]) -> UnsafePointer<UInt8> {
    let memory = arena.take(UInt8.self, count: bytes.count)
    memory.update(from: bytes, count: bytes.count)
    return UnsafePointer(memory)
  }

  @Test(
    "a 10x10 filter with stride 5 has 4 places along 28 pixels, 11 along 60, 19 along 100",
    arguments: [(10, 1), (14, 1), (15, 2), (28, 4), (60, 11), (100, 19)])
  func places(imageSide: Int, places: Int) {
    let layer = ConvolutionLayer("c", filters: 8, filterSide: 10, stride: 5, in: Parameters())
    #expect(layer.placesPerSide(imageSide: imageSide) == places)
  }

  @Test("worked by hand: 2x2 filters over a 3x3 image")
  func byHand() {
    let parameters = Parameters()
    let layer = ConvolutionLayer("c", filters: 2, filterSide: 2, stride: 1, in: parameters)
    // Upper left minus lower right plus a half, and the sum of all less 2.5.
    let weight: [Float] = [1, 1, 0, 1, 0, 1, -1, 1]
    parameters[layer.weight].pointer.update(from: weight, count: 8)
    parameters[layer.bias].pointer.update(from: [0.5, -2.5], count: 2)
    let graph = Graph(steps: 1, batch: 1, parameters: parameters)
    let bytes = images([0, 255, 255, 255, 255, 0, 255, 255, 0])
    let y = graph.convolution(Pixels(bytes, columns: 9), imageSide: 3, layer)
    graph.forward(step: 0)
    // Sums 3, 3, 4, 2; differences 0 - 1, 1 - 0, 1 - 1, 1 - 0.
    #expect(numbers(y.allValues) == [0, 0.5, 1.5, 0.5, 0.5, 1.5, 1.5, 0])
  }

  @Test(
    "it is the plain loop, at every step of time, whatever its width and the number of filters are to a vector's",
    arguments: [(7, 3, 2, 5), (9, 4, 5, 1), (12, 5, 3, 19), (21, 16, 5, 3), (24, 17, 3, 2), (28, 10, 5, 8)])
  func plainLoop(imageSide: Int, filterSide: Int, stride: Int, filters: Int) {
    let parameters = Parameters()
    let layer = ConvolutionLayer(
      "c", filters: filters, filterSide: filterSide, stride: stride, in: parameters)
    parameters.initialize(layer, seed: 4)
    parameters.fillUniform(layer.bias, fanIn: filterSide * filterSide, seed: 4)
    let plain = PlainNetwork(parameters) { network, image in
      network.convolution(image, side: imageSide, filterSide: filterSide, stride: stride, "c")
    }
    let examples = Examples(count: 6, side: imageSide, classes: 2, seed: 5)
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let x = Pixels(images(examples.bytes.flatMap { $0 }), columns: imageSide * imageSide)
    let y = graph.convolution(x, imageSide: imageSide, layer)
    for step in 0..<2 { graph.forward(step: step) }

    let expected = examples.images.flatMap { plain.logits(plain, $0) }
    #expect(expected.contains { $0 > 0.1 } && expected.contains(0))
    // f² products of at most 1 × √3/f, each rounded to 2^-24, and as much again for pixels and sums.
    #expect(
      largestDifference(numbers(y.allValues), expected) < Double(filterSide) * 3.0.squareRoot() * 0x1p-23)
  }

  @Test("its gradient is the central difference, over all steps of time, and adds up")
  func gradient() {
    let parameters = Parameters()
    let layer = ConvolutionLayer("c", filters: 3, filterSide: 3, stride: 2, in: parameters)
    parameters.initialize(layer, seed: 6)
    let plain = PlainNetwork(parameters) { network, image in
      network.convolution(image, side: 6, filterSide: 3, stride: 2, "c")
    }
    // The rectified outputs, 2 x 2 places of 3 filters, are the logits of 12 classes.
    var examples = Examples(count: 6, side: 6, classes: 12, seed: 7)
    examples.labels = [1, 6, 11, 1, 6, 11]  // labels are of an example, the same at both steps
    let graph = Graph(steps: 2, batch: 3, parameters: parameters)
    let x = Pixels(images(examples.bytes.flatMap { $0 }), columns: 36)
    let loss = graph.softmaxCrossEntropy(graph.convolution(x, imageSide: 6, layer))
    for row in 0..<3 { loss.labels[row] = UInt8(examples.labels[row]) }
    loss.weight = 1 / 6

    let gradients = GradientBuffer(for: parameters)
    gradients.flat.update(repeating: .nan, count: parameters.length)  // what a reset forgets
    gradients.reset()
    for pass in 1...2 {
      for step in 0..<2 { graph.forward(step: step) }
      graph.backward(into: gradients)
      for tensor in parameters.tensors {
        let numeric = plain.numericGradient(tensor.name, examples, scale: Double(pass) / 6)
        #expect(numeric.contains { abs($0) > 0.01 })
        #expect(largestDifference(numbers(gradients[tensor]), numeric) < gradientTolerance)
      }
    }
  }
}

extension ConvolutionTests {
  @Test(
    "nine 11x11 filters, more and wider than a vector: where all outputs are alive, the gradient is the image"
  )
  func manyWideFilters() {
    let parameters = Parameters()
    let layer = ConvolutionLayer("c", filters: 9, filterSide: 11, stride: 1, in: parameters)
    parameters[layer.weight].pointer.update(repeating: 0, count: layer.weight.count)
    parameters[layer.bias].pointer.update(repeating: 1, count: 9)
    let graph = Graph(steps: 1, batch: 1, parameters: parameters)
    let bytes = images((1...121).map { UInt8($0) })
    let y = graph.convolution(Pixels(bytes, columns: 121), imageSide: 11, layer)
    let pull = Pull(y)
    pull.gradient = Array(repeating: 1, count: 9)
    graph.append(pull)
    graph.forward(step: 0)
    #expect(numbers(y.allValues) == Array(repeating: 1, count: 9))
    let gradients = GradientBuffer(for: parameters)
    gradients.reset()
    graph.backward(into: gradients)
    let dw = gradients[layer.weight]
    #expect(
      (0..<121).allSatisfy { pixel in (0..<9).allSatisfy { dw[pixel, $0] == brightness(bytes[pixel]) } })
    #expect(numbers(gradients[layer.bias]) == Array(repeating: 1, count: 9))
  }

  @Test("its gradient over thousands of places, in several blocks, is the plain sum", arguments: [31, 64])
  func blocks(batch: Int) {
    let parameters = Parameters()
    let layer = ConvolutionLayer("c", filters: 8, filterSide: 10, stride: 5, in: parameters)
    let graph = Graph(steps: 1, batch: batch, parameters: parameters)
    var stream = RandomStream(seed: 8, .analysis)
    let bytes = images((0..<(batch * 28 * 28)).map { _ in UInt8(stream.integer(below: 256)) })
    let y = graph.convolution(Pixels(bytes, columns: 28 * 28), imageSide: 28, layer)
    let outputs = y.allValues
    parameters.initialize(layer, seed: 9)
    parameters[layer.bias].pointer.update(repeating: 1, count: 8)  // so that most outputs are alive
    let pull = Pull(y)
    for i in pull.gradient.indices { pull.gradient[i] = stream.uniform(from: -1, to: 1) }
    graph.append(pull)
    graph.forward(step: 0)
    let gradients = GradientBuffer(for: parameters)
    graph.backward(into: gradients)
    for (row, column, filter) in [(0, 0, 0), (9, 9, 7), (4, 5, 3), (5, 4, 6)] {
      var (sum, size) = (0.0, 0.0)
      for image in 0..<batch {
        for place in 0..<16 where outputs[image, place * 8 + filter] > 0 {
          let pixel = brightness(bytes[image * 784 + (place / 4 * 5 + row) * 28 + place % 4 * 5 + column])
          let term = Double(pixel) * Double(pull.gradient[image * y.columns + place * 8 + filter])
          sum += term
          size += abs(term)
        }
      }
      let error = abs(Double(gradients[layer.weight][row * 10 + column, filter]) - sum)
      // A chain of 384 roundings at most, and one for each block.
      #expect(error < 400 * 0x1p-24 * size && size > 40)
    }
  }
}

/// What follows in a graph and pulls at a variable.
private final class Pull: Operation {
  private let y: Variable
  /// [batch × columns].
  var gradient: [Float]

  init(_ y: Variable) {
    self.y = y
    gradient = Array(repeating: 0, count: y.batch * y.columns)
  }

  func forward(step: Int) {}
  func backward(into gradients: GradientBuffer) {
    for (i, value) in gradient.enumerated() { y.allGradients?.pointer[i] += value }
  }
}

/// A gradient is a sum of at most some hundred terms that together are below 1, each a product of numbers
/// that carry up to 3e-7 relative error from the exponential: 1e-6 with the rounding of the sums.
let gradientTolerance = 1e-6
