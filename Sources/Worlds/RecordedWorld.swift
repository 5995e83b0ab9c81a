import Learning

extension Configuration {
  /// Whether it names a world of this package, which `makeWorld` can make again.
  public var isKnownWorld: Bool {
    ["centered_digits", "translated_digits", "cluttered_digits", "scaled_digits", "catch"].contains(kind)
  }

  /// The world that a run's record names, made again.
  ///
  /// - Parameter mnist: the folder of its digits; nil for those that come with the package.
  /// - Throws: `DefinitionError` for an unknown world, an impossible setting, or digits other than the recorded ones.
  public func makeWorld(mnist: String? = nil) throws -> any World {
    let world: any World
    switch kind {
    case "centered_digits": world = CenteredDigits(digits: try .load(mnist))
    case "translated_digits": world = try TranslatedDigits(side: value("side"), digits: .load(mnist))
    case "cluttered_digits":
      world = try ClutteredDigits(side: value("side"), pieces: value("pieces"), digits: .load(mnist))
    case "scaled_digits":
      let (smallest, largest): (Int, Int) = try (value("smallest"), value("largest"))
      guard smallest <= largest else {
        throw DefinitionError(
          "the smallest digit", smallest, "the largest is \(largest)", cure: "restore the record")
      }
      world = try ScaledDigits(
        side: value("side"), sizes: smallest...largest, pieces: value("pieces"), digits: .load(mnist))
    case "catch": world = Catch()
    default:
      throw DefinitionError(
        "the recorded world", kind,
        "it is not part of this package",
        cure: "make it yourself")
    }
    let differences = differences(from: world.configuration)
    guard differences.isEmpty else {
      throw DefinitionError(
        "the recorded world", kind, differences.joined(separator: "; "),
        cure: "name the folder of the digits that it was made of")
    }
    return world
  }
}
