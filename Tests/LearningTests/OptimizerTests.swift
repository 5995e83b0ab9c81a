import Testing

@testable import NumericCore

@Suite("Optimizer")
struct OptimizerTests {
  /// One tensor of numbers, and the gradients that it is given step by step.
  private func run(
    _ kind: OptimizerKind, clippingNorm: Float? = nil, start: [Float], gradients steps: [[Float]], rate: Float
  ) -> [[Float]] {
    let parameters = Parameters()
    let tensor = parameters.declare("w", rows: 1, columns: start.count)
    for (j, value) in start.enumerated() { parameters[tensor][0, j] = value }
    let optimizer = Optimizer(kind, clippingNorm: clippingNorm, for: parameters)
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
    let steps = run(.momentum(0.9), start: [1], gradients: [[2], [1], [-1]], rate: 0.1)
    for (value, expected) in zip(steps, [0.8, 0.52, 0.368]) {
      #expect(abs(Double(value[0]) - expected) < 3e-7)
    }
  }

  @Test("Adam worked by hand")
  func adam() {
    // m = 0.2, 0.08, 0.172; v = 0.004, 0.004996, 0.005991004
    // m / (1 - 0.9^t) = 2, 0.4210526, 0.6346863; v / (1 - 0.999^t) = 4, 2.4992496, 1.9989992
    // steps of 0.1 m̂ / √v̂ = 0.1, 0.0266337, 0.0448900
    let steps = run(.adam(), start: [1], gradients: [[2], [-1], [1]], rate: 0.1)
    for (value, expected) in zip(steps, [0.9, 0.8733663, 0.8284763]) {
      #expect(abs(Double(value[0]) - expected) < 1e-6)
    }
  }

  @Test("Adam's epsilon stands beside the corrected root: a gradient of epsilon's size steps half the rate")
  func adamEpsilon() {
    let steps = run(.adam(epsilon: 1e-3), start: [0], gradients: [[1e-3]], rate: 0.1)
    #expect(abs(steps[0][0] + 0.05) < 1e-6)
  }

  @Test("a gradient longer than the clipping norm is shortened to it, a shorter one is left alone")
  func clipping() {
    let steps = run(
      .momentum(0), clippingNorm: 1, start: [0, 0], gradients: [[3, 4], [0.3, 0.4]], rate: 1)
    for (value, expected) in zip(steps.flatMap { $0 }, [-0.6, -0.8, -0.9, -1.2]) {
      #expect(abs(Double(value) - expected) < 3e-7)
    }
  }

  @Test(
    "the number of parts changes no digit: gradients of three groups combined and applied in 1, 2, 3 and 7 parts",
    arguments: [OptimizerKind.momentum(0.9), .adam()])
  func parts(kind: OptimizerKind) {
    func train(parts: Int) -> (bits: [UInt32], norm: Float, exactNorm: Double) {
      let parameters = Parameters()
      for (index, columns) in [5000, 3, 9001].enumerated() {
        _ = parameters.declare("tensor \(index)", rows: 1, columns: columns)
      }
      fill(parameters, seed: 91)
      let optimizer = Optimizer(kind, clippingNorm: 10, for: parameters)
      let groups = (0..<3).map { _ in GradientBuffer(for: parameters) }
      var exactNorm = 0.0
      for step in 0..<3 {
        for (index, group) in groups.enumerated() {
          for (number, tensor) in parameters.tensors.enumerated() {
            fill(group[tensor], seed: UInt64(100 * step + 10 * index + number))
          }
        }
        exactNorm = 0
        for tensor in parameters.tensors {
          for j in 0..<tensor.columns {
            let sum = groups.reduce(0.0) { $0 + Double($1[tensor][0, j]) }
            exactNorm += sum * sum
          }
        }
        for part in (0..<parts).reversed() { optimizer.combine(groups, part: part, of: parts) }
        optimizer.beginUpdate()
        for part in 0..<parts { optimizer.update(groups[0], rate: 0.1, part: part, of: parts) }
      }
      return (
        (0..<parameters.length).map { parameters.flat[$0].bitPattern }, optimizer.gradientNorm,
        exactNorm.squareRoot()
      )
    }
    let one = train(parts: 1)
    for parts in [2, 3, 7] { #expect(train(parts: parts).bits == one.bits) }
    // 14,000 squares in sums of at most 4096 / 16 each: relative rounding far below 256 × 2^-24.
    #expect(abs(Double(one.norm) - one.exactNorm) < 1.6e-5 * one.exactNorm)
  }
}

@Suite("Schedule")
struct ScheduleTests {
  @Test("worked by hand")
  func byHand() {
    func expect(_ schedule: Schedule, _ progress: Float, _ epoch: Int, _ expected: Float) {
      #expect(
        abs(schedule.value(progress: progress, epoch: epoch) - expected) < 1e-6, "\(schedule) at \(progress)")
    }
    expect(.constant(0.3), 0.7, 4, 0.3)
    expect(.linear(from: 0.1), 0, 0, 0.1)
    expect(.linear(from: 0.1), 0.25, 0, 0.075)
    expect(.linear(from: 0.1), 1, 9, 0)
    expect(.linear(from: 0.2, to: 0.1), 0.5, 9, 0.15)
    expect(.cosine(from: 1, to: 0.2), 0, 0, 1)
    expect(.cosine(from: 1, to: 0.2), 0.5, 0, 0.6)
    expect(.cosine(from: 1, to: 0.2), 1 / 3, 0, 0.8)  // cos(π/3) = ½
    expect(.cosine(from: 1, to: 0.2), 1, 0, 0.2)
    expect(.cosine(from: 1, to: 0.2), 1.5, 0, 0.2)  // stays at its end
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0, 0, 1)
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0.9, 2, 0.25)
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0.9, 3, 0.2)
    expect(.exponential(from: 1, decayPerEpoch: 0.5, floor: 0.2), 0.9, 1_000_000, 0.2)
  }
}
