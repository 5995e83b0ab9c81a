import Autodiff
import Learning
import Numerics
import Testing

@Suite("Optimizer")
struct OptimizerTests {
  /// One tensor of numbers, and the gradients that it is given step by step.
  private func run(
    _ rule: any UpdateRule, clippingNorm: Float? = nil, start: [Float], gradients steps: [[Float]],
    rate: Float
  ) -> [[Float]] {
    let parameters = Parameters()
    let tensor = parameters.declare("w", rows: 1, columns: start.count)
    for (j, value) in start.enumerated() { parameters[tensor][0, j] = value }
    let optimizer = Optimizer(rule, clippingNorm: clippingNorm, for: parameters)
    let buffer = GradientBuffer(for: parameters)
    return steps.map { gradient in
      for (j, value) in gradient.enumerated() { buffer[tensor][0, j] = value }
      optimizer.combine([buffer])
      optimizer.beginUpdate()
      optimizer.update(buffer, rate: rate)
      return (0..<start.count).map { parameters[tensor][0, $0] }
    }
  }

  @Test("momentum worked by hand")
  func momentum() {
    // v = 2, 0.9 × 2 + 1 = 2.8, 0.9 × 2.8 - 1 = 1.52; w = 1 - 0.2, - 0.28, - 0.152
    let steps = run(Momentum(0.9), start: [1], gradients: [[2], [1], [-1]], rate: 0.1)
    for (value, expected) in zip(steps, [0.8, 0.52, 0.368]) {
      #expect(abs(Double(value[0]) - expected) < 3e-7)
    }
  }

  @Test("Adam worked by hand")
  func adam() {
    // m = 0.2, 0.08, 0.172; v = 0.004, 0.004996, 0.005991004
    // m / (1 - 0.9^t) = 2, 0.4210526, 0.6346863; v / (1 - 0.999^t) = 4, 2.4992496, 1.9989992
    // steps of 0.1 m̂ / √v̂ = 0.1, 0.0266337, 0.0448900
    let steps = run(Adam(), start: [1], gradients: [[2], [-1], [1]], rate: 0.1)
    for (value, expected) in zip(steps, [0.9, 0.8733663, 0.8284763]) {
      #expect(abs(Double(value[0]) - expected) < 1e-6)
    }
  }

  @Test("Adam's epsilon stands beside the corrected root: a gradient of epsilon's size steps half the rate")
  func adamEpsilon() {
    let steps = run(Adam(epsilon: 1e-3), start: [0], gradients: [[1e-3]], rate: 0.1)
    #expect(abs(steps[0][0] + 0.05) < 1e-6)
  }

  @Test("a gradient longer than the clipping norm is shortened to it, a shorter one is left alone")
  func clipping() {
    let steps = run(
      Momentum(0), clippingNorm: 1, start: [0, 0], gradients: [[3, 4], [0.3, 0.4]], rate: 1)
    for (value, expected) in zip(steps.flatMap { $0 }, [-0.6, -0.8, -0.9, -1.2]) {
      #expect(abs(Double(value) - expected) < 3e-7)
    }
  }

  @Test(
    "weight decay takes rate times λ of a weight after its step, whatever the rule and the clipping, and none of a bias",
    arguments: [Momentum(0.9), Adam()] as [any UpdateRule])
  func weightDecay(rule: any UpdateRule) {
    func steps(_ weightDecay: Float) -> [[Float]] {
      let parameters = Parameters()
      let weight = parameters.declare("weight", rows: 2, columns: 1)
      let bias = parameters.declare("bias", rows: 1, columns: 2)
      for tensor in [weight, bias] { parameters.fill(tensor, with: 1) }
      let optimizer = Optimizer(rule, clippingNorm: 0.5, weightDecay: weightDecay, for: parameters)
      let buffer = GradientBuffer(for: parameters)
      return (0..<2).map { step in
        buffer.reset()
        // The second number of each has no gradient.
        for tensor in [weight, bias] { buffer[tensor].pointer[0] = Float(step + 1) }
        optimizer.combine([buffer])
        optimizer.beginUpdate()
        optimizer.update(buffer, rate: 0.5)
        return [weight, bias].flatMap { [parameters[$0].pointer[0], parameters[$0].pointer[1]] }
      }
    }
    let (plain, decaying) = (steps(0), steps(0.2))
    // 0.5 × 0.2 = 0.1 of it, twice: 1, 0.9, 0.81 where nothing pulls.
    #expect(abs(decaying[0][1] - 0.9) < 1e-6 && abs(decaying[1][1] - 0.81) < 1e-6)
    // w_1 = 0.9 (1 - s_1), w_2 = 0.9 (w_1 - s_2), with the steps s that there are without decay.
    let (first, second) = (1 - plain[0][0], plain[0][0] - plain[1][0])
    #expect(abs(decaying[0][0] - 0.9 * (1 - first)) < 1e-6 && first > 0.1)
    #expect(abs(decaying[1][0] - 0.9 * (decaying[0][0] - second)) < 1e-6)
    for step in 0..<2 { #expect(decaying[step][2...] == plain[step][2...] && plain[step][1] == 1) }
  }

  @Test(
    "the number of parts changes no digit: gradients of three groups combined and applied in 1, 2, 3 and 7 parts",
    arguments: [Momentum(0.9), Adam()] as [any UpdateRule], [0, 0.1] as [Float])
  func parts(rule: any UpdateRule, weightDecay: Float) {
    func fill(_ matrix: Matrix, seed: UInt64) {
      var stream = RandomStream(seed: seed, .analysis)
      for row in 0..<matrix.rows {
        for j in 0..<matrix.columns { matrix[row, j] = stream.uniform(from: -1, to: 1) }
      }
    }
    func train(parts: Int) -> (bits: [UInt32], norm: Float, exactNorm: Double) {
      let parameters = Parameters()
      for (index, shape) in [(5000, 1), (1, 3), (3, 3001)].enumerated() {
        _ = parameters.declare("tensor \(index)", rows: shape.0, columns: shape.1)
      }
      for (index, tensor) in parameters.tensors.enumerated() {
        fill(parameters[tensor], seed: 91 + UInt64(index))
      }
      let optimizer = Optimizer(rule, clippingNorm: 10, weightDecay: weightDecay, for: parameters)
      let groups = (0..<3).map { _ in GradientBuffer(for: parameters) }
      var exactNorm = 0.0
      for step in 0..<3 {
        for (index, group) in groups.enumerated() {
          for (number, tensor) in parameters.tensors.enumerated() {
            fill(group[tensor], seed: UInt64(100 * step + 10 * index + number))
          }
        }
        exactNorm = 0
        for i in 0..<parameters.length {
          let sum = groups.reduce(0.0) { $0 + Double($1.flat[i]) }
          exactNorm += sum * sum
        }
        for part in (0..<parts).reversed() { optimizer.combine(groups, part: part, of: parts) }
        optimizer.beginUpdate()
        for part in 0..<parts { optimizer.update(groups[0], rate: 0.1, part: part, of: parts) }
      }
      return (parameters.bits, optimizer.gradientNorm, exactNorm.squareRoot())
    }
    let one = train(parts: 1)
    for parts in [2, 3, 7] { #expect(train(parts: parts).bits == one.bits) }
    // 14,000 squares in sums of at most 4096 / 16 each: relative rounding far below 256 × 2^-24.
    #expect(abs(Double(one.norm) - one.exactNorm) < 1.6e-5 * one.exactNorm)
  }
}
