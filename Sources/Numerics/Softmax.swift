/// The place of the greatest number; the first of equals.
@inlinable
public func argmax(_ x: UnsafePointer<Float>, _ count: Int) -> Int {
  var best = 0
  for j in 1..<max(count, 1) where x[j] > x[best] { best = j }
  return best
}

/// p_j = e^{x_j} / Σ e^x.     x, p [count]
///
/// - Returns: log Σ e^x; NaN if any x is.
@inlinable @discardableResult
public func softmax(
  _ x: UnsafePointer<Float>, into p: UnsafeMutablePointer<Float>, _ count: Int
) -> Float {
  let highest = x[argmax(x, count)]  // so that no exponential overflows
  // Two loops, because only the first one vectorises: together they took twice as long for ten classes (measured).
  for j in 0..<count { p[j] = Elementary.exp(x[j] - highest) }
  var sum: Float = 0
  for j in 0..<count { sum += p[j] }
  let scale = 1 / sum
  for j in 0..<count { p[j] *= scale }
  return (sum.isNaN ? .nan : Elementary.log(sum)) + highest
}
