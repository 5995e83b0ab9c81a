/// Elementary functions in single precision, written out so that the compiler can vectorise them and every C
/// library gives the same digits. Errors are tested against double precision.
public enum Elementary {
  /// Natural logarithm of a positive, normal number. Relative error below 3e-7 (tested).
  ///
  /// log(2^e m) = e log 2 + 2 artanh(s), s = (m - 1) / (m + 1), m in [√½, √2).
  @inlinable @inline(__always)
  public static func log(_ x: Float) -> Float {
    let shifted = x.bitPattern &- 0x3F35_04F3  // the bits of √½
    let exponent = Float(Int32(bitPattern: shifted) >> 23)
    let mantissa = Float(bitPattern: (shifted & 0x007F_FFFF) &+ 0x3F35_04F3)
    let s = (mantissa - 1) / (mantissa + 1)
    let s2 = s * s
    let series =
      s2 * (0.6666666667 + s2 * (0.4 + s2 * (0.2857142857 + s2 * (0.2222222222 + s2 * 0.1818181818))))
    return exponent * 0.693147180559945 + (2 * s + s * series)
  }

  /// sin(2πt) and cos(2πt) for t in [0, 1). Absolute error below 3e-7 (tested).
  @inlinable @inline(__always)
  public static func sineAndCosine(turns t: Float) -> (sine: Float, cosine: Float) {
    let quarter = (4 * t + 0.5).rounded(.down)
    let x = (4 * t - quarter) * 1.57079632679489662  // |x| <= π/4
    let x2 = x * x
    let sine = x + x * x2 * (-0.16666667 + x2 * (0.008333333 + x2 * (-0.00019841270 + x2 * 2.7557319e-6)))
    let cosine = 1 + x2 * (-0.5 + x2 * (0.041666668 + x2 * (-0.0013888889 + x2 * 2.4801587e-5)))
    switch Int32(quarter) & 3 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case 2: return (-sine, -cosine)
    default: return (-cosine, sine)
    }
  }
}

extension Elementary {
  /// e^x, limited to the range [e^-87, e^88]; NaN for NaN. Relative error below 2e-7 (tested).
  ///
  /// 2^n e^r with n = round(x / log 2), |r| <= log(2) / 2, and the Taylor series of e^r to the seventh power.
  @inlinable @inline(__always)
  public static func exp(_ x: Float) -> Float {
    let bounded = x < -87 ? -87 : (x > 88 ? 88 : x)
    // Adding 1.5 × 2^23 leaves the rounded number in the low bits, without a conversion to an integer, which would trap
    // for a NaN.
    let shifted = bounded * 1.44269504088896 + 0x1.8p23
    let n = shifted - 0x1.8p23
    let r = (bounded - n * 0.693359375) + n * 2.12194440e-4  // log 2 in two parts (Cody and Waite)
    let r2 = r * r
    let series =
      1 + r + r2 * (0.5 + r * 0.16666667) + r2 * r2
      * (0.041666668 + r * 0.008333334 + r2 * (0.0013888889 + r * 0.0001984127))
    return series * Float(bitPattern: (shifted.bitPattern &+ 127) &<< 23)
  }

  /// 1 / (1 + e^-x). Relative error below 2.5e-7 for |x| up to 87 (tested).
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// tanh x. Absolute error below 2e-7 (tested).
  @inlinable @inline(__always)
  public static func tanh(_ x: Float) -> Float {
    let bounded = x < -9 ? -9 : (x > 9 ? 9 : x)
    return 1 - 2 / (exp(2 * bounded) + 1)
  }
}
