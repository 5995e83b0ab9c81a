import Numerics

/// What follows a linear map.
public enum Activation: Sendable {
  case identity, rectifier
}

/// y = f(y + b), row by row.     y [any, columns]   b [columns]
public func addBias(_ bias: UnsafePointer<Float>, to y: Matrix, _ activation: Activation = .identity) {
  for index in 0..<y.rows {
    let row = y.row(index)
    switch activation {
    case .identity:
      for j in 0..<y.columns { row[j] += bias[j] }
    case .rectifier:
      for j in 0..<y.columns {
        let z = row[j] + bias[j]
        row[j] = z <= 0 ? 0 : z  // in this form a NaN stays a NaN, so a diverging run shows in its loss
      }
    }
  }
}

/// The rectifier's derivative: dz = dy where y > 0, else 0, in place; and the bias's, sum += the rows of dz.
public func maskAndSum(_ dy: Matrix, where y: Matrix, into sum: UnsafeMutablePointer<Float>) {
  for index in 0..<dy.rows {
    let gradient = dy.row(index)
    let value = y.row(index)
    for j in 0..<dy.columns {
      let d = value[j] > 0 ? gradient[j] : 0
      gradient[j] = d
      sum[j] += d
    }
  }
}
