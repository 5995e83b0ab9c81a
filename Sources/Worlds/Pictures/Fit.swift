import Learning

/// How a picture is brought to the scale that a model was trained on.
public enum Fit: Sendable, Equatable {
  /// As it is.
  case none
  /// All of it, shrunk or enlarged until its longer side is `side`.
  case frame(side: Int)
  /// What is drawn on it, as MNIST has its digits: its longer side 20 pixels, its centre of mass in the middle of a frame
  /// of `side` pixels.
  case drawing(side: Int)

  func check() throws {
    switch self {
    case .none: return
    case .frame(let side), .drawing(let side):
      guard 1...WorldLimits.mostSide ~= side else {
        throw DefinitionError(
          "the side that a picture is fitted to", side, "it must be 1 to \(WorldLimits.mostSide) pixels",
          cure: "choose the side of the model's scenes")
      }
    }
  }
}

extension GrayImage {
  /// Width or height of an MNIST digit in its box of 28 pixels, whichever is longer.
  public static let digitExtent = 20

  /// Pixels below this are background: an eighth of white, so that neither noise nor a JPEG's traces count as drawn.
  static let faintest: UInt8 = 32

  public func fitted(_ fit: Fit) -> GrayImage {
    switch fit {
    case .none: self
    case .frame(let side): resized(longerSide: side)
    case .drawing(let side):
      drawn.map { $0.resized(longerSide: Self.digitExtent).centred(in: side) } ?? resized(longerSide: side)
    }
  }

  /// The smallest part that holds all that is drawn; nil where nothing is.
  public var drawn: GrayImage? {
    var (columns, rows) = ((least: width, most: -1), (least: height, most: -1))
    for row in 0..<height {
      for column in 0..<width where pixels[row * width + column] >= Self.faintest {
        columns = (min(columns.least, column), max(columns.most, column))
        rows = (min(rows.least, row), max(rows.most, row))
      }
    }
    guard columns.most >= 0 else { return nil }
    let part = (rows.least...rows.most).flatMap { row in
      pixels[(row * width + columns.least)...(row * width + columns.most)]
    }
    return GrayImage(
      width: columns.most - columns.least + 1, height: rows.most - rows.least + 1, counted: part)
  }

  /// With this many pixels on its longer side; the shorter one has at least one.
  func resized(longerSide: Int) -> GrayImage {
    let longer = max(width, height)
    func scaled(_ side: Int) -> Int { max(1, (2 * side * longerSide + longer) / (2 * longer)) }
    return resized(width: scaled(width), height: scaled(height))
  }

  /// Every pixel is the mean of what it covers, parts of pixels included.
  func resized(width newWidth: Int, height newHeight: Int) -> GrayImage {
    let (across, down) = (Self.shares(of: width, for: newWidth), Self.shares(of: height, for: newHeight))
    let narrowed = (0..<height).flatMap { row in
      across.map { shares in shares.reduce(Float(0)) { $0 + $1.share * Float(pixels[row * width + $1.pixel]) }
      }
    }
    let values = down.flatMap { shares in
      (0..<newWidth).map { column in
        shares.reduce(Float(0)) { $0 + $1.share * narrowed[$1.pixel * newWidth + column] }
      }
    }
    return GrayImage(
      width: newWidth, height: newHeight, counted: values.map { UInt8(min(max($0.rounded(), 0), 255)) })
  }

  /// Which pixels each of `count` new ones covers along one axis, and what part of it each of them is.
  private static func shares(of side: Int, for count: Int) -> [[(pixel: Int, share: Float)]] {
    (0..<count).map { index in
      // In units of 1 / count of a pixel, so that the ends are whole numbers.
      let (start, end) = (index * side, (index + 1) * side)
      return (start / count...(end - 1) / count).map { pixel in
        let covered = min(end, (pixel + 1) * count) - max(start, pixel * count)
        return (pixel, Float(covered) / Float(side))
      }
    }
  }

  /// On a black square, its centre of mass in the middle; what does not fit is cut off.
  func centred(in side: Int) -> GrayImage {
    var (mass, x, y) = (0.0, 0.0, 0.0)
    for row in 0..<height {
      for column in 0..<width {
        let value = Double(pixels[row * width + column])
        (mass, x, y) = (mass + value, x + value * (Double(column) + 0.5), y + value * (Double(row) + 0.5))
      }
    }
    guard mass > 0 else { return onSquare(side: side, left: (side - width) / 2, top: (side - height) / 2) }
    func start(_ centre: Double) -> Int { Int((Double(side) / 2 - centre).rounded()) }
    return onSquare(side: side, left: start(x / mass), top: start(y / mass))
  }

  func onSquare(side: Int, left: Int, top: Int) -> GrayImage {
    var square = [UInt8](repeating: 0, count: side * side)
    for row in max(0, -top)..<max(0, -top, min(height, side - top)) {
      for column in max(0, -left)..<max(0, -left, min(width, side - left)) {
        square[(top + row) * side + left + column] = pixels[row * width + column]
      }
    }
    return GrayImage(width: side, height: side, counted: square)
  }
}
