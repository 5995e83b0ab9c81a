import Foundation
import Numerics

/// What something was made with, as names and values that outlive the source. It identifies a run permanently.
///
/// A field that has its default value is left out, so a setting added later changes no earlier configuration. For the
/// same reason a default is never changed: whoever wants another value gives it explicitly.
///
///     Configuration("retina")
///       .with("patch_side", patchSide)
///       .with("scales", scales)
///       .with("outside", outside, default: 0)
public struct Configuration: Codable, Equatable, Sendable {
  public enum Value: Equatable, Sendable {
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([Value])
    case nested(Configuration)
  }

  /// Its kind, in one word that is unique among the alternatives: "retina".
  public let kind: String
  public private(set) var fields: [String: Value] = [:]

  public init(_ kind: String) { self.kind = kind }

  /// The same with one more field; without it when the value is the default.
  public func with(_ name: String, _ value: some ConfigurationValue) -> Configuration {
    require(
      name != "kind", "a configuration's field cannot be named 'kind', which is the configuration's own")
    var copy = self
    copy.fields[name] = value.configurationValue
    return copy
  }

  public func with<V: ConfigurationValue>(_ name: String, _ value: V, default standard: V) -> Configuration {
    value.configurationValue == standard.configurationValue ? self : with(name, value)
  }

  /// A value whose default is nil.
  public func with<V: ConfigurationValue>(_ name: String, _ value: V?) -> Configuration {
    value.map { with(name, $0) } ?? self
  }

  public subscript(name: String) -> Value? { fields[name] }
}

/// A value that a configuration may contain.
public protocol ConfigurationValue {
  var configurationValue: Configuration.Value { get }
}

extension Bool: ConfigurationValue {
  public var configurationValue: Configuration.Value { .flag(self) }
}
extension Int: ConfigurationValue {
  public var configurationValue: Configuration.Value { .integer(self) }
}
extension UInt64: ConfigurationValue {
  public var configurationValue: Configuration.Value { .integer(Int(truncatingIfNeeded: self)) }
}
extension Float: ConfigurationValue {
  /// As it is written in decimal: 0.1, not 0.10000000149.
  public var configurationValue: Configuration.Value {
    (Double(description) ?? Double(self)).configurationValue
  }
}
extension Double: ConfigurationValue {
  /// JSON has no infinities and no NaN, so a text stands for them.
  public var configurationValue: Configuration.Value { isFinite ? .number(self) : .text(description) }
}
extension String: ConfigurationValue {
  public var configurationValue: Configuration.Value { .text(self) }
}
extension Configuration: ConfigurationValue {
  public var configurationValue: Configuration.Value { .nested(self) }
}
extension Array: ConfigurationValue where Element: ConfigurationValue {
  public var configurationValue: Configuration.Value { .list(map(\.configurationValue)) }
}

// MARK: - As text

extension Configuration {
  /// JSON on one line with sorted keys: equal for equal configurations.
  public var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { fatalError("a configuration is not finite") }
    return String(decoding: data, as: UTF8.self)
  }

  /// A digest of the text, eight hexadecimal digits.
  public var key: String { Checksum.crc32(text.utf8) }

  /// Where two configurations differ: "network.glimpses: recorded 6, asked 8".
  public func differences(from other: Configuration, path: String = "") -> [String] {
    var found = kind == other.kind ? [] : ["\(path)kind: recorded \(kind), asked \(other.kind)"]
    for name in Set(fields.keys).union(other.fields.keys).sorted() {
      switch (fields[name], other.fields[name]) {
      case (let mine?, let theirs?) where mine == theirs: continue
      case (.nested(let mine)?, .nested(let theirs)?):
        found += mine.differences(from: theirs, path: path + name + ".")
      case (let mine, let theirs):
        found.append(
          "\(path)\(name): recorded \(mine?.description ?? "its default"), asked \(theirs?.description ?? "its default")"
        )
      }
    }
    return found
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    kind = try container.decode(String.self, forKey: Name("kind"))
    for key in container.allKeys where key.stringValue != "kind" {
      fields[key.stringValue] = try container.decode(Value.self, forKey: key)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    try container.encode(kind, forKey: Name("kind"))
    for (name, value) in fields { try container.encode(value, forKey: Name(name)) }
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension Configuration.Value: Codable, CustomStringConvertible {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? container.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([Self].self) {
      self = .list(list)
    } else {
      self = .nested(try container.decode(Configuration.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let flag): try container.encode(flag)
    case .integer(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .nested(let nested): try container.encode(nested)
    }
  }

  /// A whole number is equal whether it was written as an integer or not, because JSON does not distinguish them.
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.flag(let a), .flag(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
    case (.text(let a), .text(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.nested(let a), .nested(let b)): a == b
    default: false
    }
  }

  public var description: String {
    switch self {
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let integer): String(integer)
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    case .text(let text): text
    case .list(let list): list.map(\.description).joined(separator: ", ")
    case .nested(let nested): nested.text
    }
  }
}
