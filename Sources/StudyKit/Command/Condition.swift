import Learning

/// One row of a table: a network on a world, trained one way.
public struct Condition: Sendable {
  /// Short, lower case, unique within the study: "ram-6".
  public let name: String
  /// Its name in tables and pages: "RAM, 6 glimpses".
  public private(set) var label: String
  public let world: any World
  public let network: any Network
  /// The paper's number, in percent of the study's measure; nil where the paper has none.
  public internal(set) var paper: Double?
  /// Whether the weights of all its seeds are published; otherwise only those of the first.
  var publishesEverySeed = false
  /// Changes the preset's training for this condition.
  private let adjust: @Sendable (inout TrainingSettings) -> Void
  /// What the command line changes; it has the last word.
  var override: @Sendable (inout TrainingSettings) -> Void = { _ in }

  /// The world that conditions are compared on. Rows of one group stand together.
  public var group: String { world.summary }

  /// Whether an average over rollouts means anything: the games of a player have none.
  var hasAverage: Bool { world.play == nil }

  /// A preset's training as this condition and the command line change it.
  func training(_ preset: TrainingSettings) -> TrainingSettings {
    var training = preset
    adjust(&training)
    override(&training)
    return training
  }

  /// The same under another label, for one figure.
  public func labelled(_ label: String) -> Condition {
    var condition = self
    condition.label = label
    return condition
  }

  /// - Throws: `DefinitionError` when the name does not suit a file, or the network does not suit the world.
  public init(
    _ name: String, _ label: String? = nil, on world: any World, paper: Double? = nil, _ network: any Network,
    training adjust: @escaping @Sendable (inout TrainingSettings) -> Void = { _ in }
  ) throws {
    try checkFileName(name, of: "a condition")
    try world.check()
    try network.check(on: world)
    self.name = name
    self.label = label ?? name
    self.world = world
    self.network = network
    self.paper = paper
    self.adjust = adjust
  }
}

/// - Throws: `DefinitionError` when the name of a study or a condition does not suit a file.
func checkFileName(_ name: String, of what: String) throws {
  let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
  guard !name.isEmpty, name.first != "-", name.allSatisfy(allowed.contains) else {
    throw DefinitionError(
      "\(what)'s name", "'\(name)'", "it is used in file names",
      cure: "choose lower case letters, digits and '-', and do not begin with '-'")
  }
}

extension [Condition] {
  /// The condition of that name.
  ///
  /// - Throws: `DefinitionError` when there is none.
  public func named(_ name: String) throws -> Condition {
    guard let condition = first(where: { $0.name == name }) else {
      throw DefinitionError(
        "a condition's name", "'\(name)'", "no condition has it",
        cure: "choose among " + map(\.name).joined(separator: ", "))
    }
    return condition
  }
}
