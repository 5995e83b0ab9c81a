/// Fits y = w x + c to observations by least squares, with a ridge that keeps w small.
///
///     (X'X/n + ρ m) w = X'y/n                 m the mean of X'X/n's diagonal
struct LeastSquares {
  /// Numbers in x, plus 1 for c.
  private let size: Int
  private var count = 0.0
  /// Σ x x', the lower triangle.
  private var squares: [Double]
  private var products: [Double]
  private var x: [Double]

  init(inputs: Int) {
    size = inputs + 1
    squares = Array(repeating: 0, count: size * size)
    products = Array(repeating: 0, count: size)
    x = Array(repeating: 1, count: size)
  }

  mutating func add(_ inputs: UnsafePointer<Float>, target: Float) {
    for i in 0..<(size - 1) { x[i] = Double(inputs[i]) }
    count += 1
    for i in 0..<size where x[i] != 0 {
      let factor = x[i]
      products[i] += factor * Double(target)
      for j in 0...i { squares[i * size + j] += factor * x[j] }
    }
  }

  /// w followed by c, by Cholesky's decomposition; 0 without observations.
  func solution(ridge: Double = 1e-3) -> [Float] {
    let n = max(count, 1)
    let mean = (0..<size).reduce(0) { $0 + squares[$1 * size + $1] } / (n * Double(size))
    var l = squares.map { $0 / n }
    for i in 0..<size { l[i * size + i] += i < size - 1 ? ridge * mean + 1e-9 : 1e-9 }
    var w = products.map { $0 / n }
    for i in 0..<size {
      for j in 0...i {
        var rest = l[i * size + j]
        for k in 0..<j { rest -= l[i * size + k] * l[j * size + k] }
        l[i * size + j] = i == j ? rest.squareRoot() : rest / l[j * size + j]
      }
      for k in 0..<i { w[i] -= l[i * size + k] * w[k] }
      w[i] /= l[i * size + i]
    }
    for i in (0..<size).reversed() {
      for k in (i + 1)..<size { w[i] -= l[k * size + i] * w[k] }
      w[i] /= l[i * size + i]
    }
    return w.map { Float($0) }
  }
}
