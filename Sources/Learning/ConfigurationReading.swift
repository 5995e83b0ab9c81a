/// What can be read back from a configuration.
public protocol ReadableConfigurationValue: ConfigurationValue {
  init?(_ value: Configuration.Value)
}

extension Configuration {
  /// A field as it was written with `with`, or its default where it was left out.
  ///
  /// - Throws: `DefinitionError` for a field that is missing and has no default, and for one of another kind.
  public func value<V: ReadableConfigurationValue>(_ name: String, default standard: V? = nil) throws -> V {
    guard let found = self[name] else {
      if let standard { return standard }
      throw DefinitionError(
        "the field '\(name)' of '\(kind)'", "missing", "it has no default", cure: Self.otherVersion)
    }
    guard let value = V(found) else { throw unreadable(name, found) }
    return value
  }

  /// One of a few words.
  public func value<Word: RawRepresentable<String>>(_ name: String, default standard: Word) throws -> Word {
    guard let found = self[name] else { return standard }
    guard case .text(let text) = found, let word = Word(rawValue: text) else { throw unreadable(name, found) }
    return word
  }

  /// A value that is not there by default.
  public func optional<V: ReadableConfigurationValue>(_ name: String) throws -> V? {
    try self[name] == nil ? nil : value(name)
  }

  private func unreadable(_ name: String, _ value: Value) -> DefinitionError {
    DefinitionError(
      "the field '\(name)' of '\(kind)'", value.description, "this version does not know such a value",
      cure: Self.otherVersion)
  }

  static let otherVersion = "use the version of this package that wrote it"
}

extension Bool: ReadableConfigurationValue {
  public init?(_ value: Configuration.Value) {
    guard case .flag(let flag) = value else { return nil }
    self = flag
  }
}
extension Int: ReadableConfigurationValue {
  public init?(_ value: Configuration.Value) {
    guard case .integer(let integer) = value else { return nil }
    self = integer
  }
}
extension Float: ReadableConfigurationValue {
  public init?(_ value: Configuration.Value) {
    switch value {
    case .integer(let integer): self = Float(integer)
    case .number(let number): self = Float(number)
    case .text(let text):  // "inf", which is no number of JSON
      guard let number = Float(text), !number.isFinite else { return nil }
      self = number
    default: return nil
    }
  }
}
extension String: ReadableConfigurationValue {
  public init?(_ value: Configuration.Value) {
    guard case .text(let text) = value else { return nil }
    self = text
  }
}
extension Configuration: ReadableConfigurationValue {
  public init?(_ value: Configuration.Value) {
    guard case .nested(let configuration) = value else { return nil }
    self = configuration
  }
}
