import Learning

/// b(h_t, y): one number for each class is read from h_t, and that of the right class is b_t.
///
/// Ours: equation 2 lets the baseline depend on anything except the actions that it judges, and the label is not one of
/// them. It removes from the return what is due to a hard class. It is not used in tests.
public struct ClassBaseline: Baseline, Equatable {
  public init() {}
  public var configuration: Configuration { Configuration("class") }
  public func columns(on world: any World) -> Int { world.classCounts.first ?? 0 }
  public func column(label: Int) -> Int { label }
  public var openChoice: String? {
    "The baseline knows the class in training: b(h, y), one number for each class."
  }

  public func check(episodes: Int, on world: any World) throws {
    guard world.classCounts.count == 1 else {
      throw DefinitionError(
        "the baseline", "b(h, y)", "\(world.summary) has \(world.classCounts.count) labels, and it needs one",
        cure: "use StateBaseline")
    }
  }
}
