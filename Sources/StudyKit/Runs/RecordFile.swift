import Foundation
import Learning

/// The JSON of records: pretty printed, sorted keys, snake_case, so that `git diff` shows what differs.
enum RecordFile {
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .custom { path in
      Key(isVerbatim(path) ? path.last?.stringValue ?? "" : snakeCase(path.last?.stringValue ?? ""))
    }
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  /// - Throws: `FileError` in one sentence, also about a file that was edited by hand.
  static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, reason: "could not be read", cure: "check that it is there and yours")
    }
    return try decode(type, from: data, of: path)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, of path: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      Key(isVerbatim(path) ? path.last?.stringValue ?? "" : camelCase(path.last?.stringValue ?? ""))
    }
    do {
      return try decoder.decode(type, from: data)
    } catch {
      throw FileError(
        path: path, reason: "was changed or is of another version: \(sentence(error))",
        cure: "restore it with 'git restore', or remove it")
    }
  }

  /// Every number and word of a value by its dotted path: "metrics.cross_entropy".
  static func leaves(of value: some Encodable) -> [String: String] {
    let text = (try? text(of: value)) ?? ""
    return (try? JSONDecoder().decode(Tree.self, from: Data(text.utf8)))?.leaves ?? [:]
  }

  private enum Tree: Decodable {
    case leaf(String)
    case branches([String: Tree])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let branches = try? container.decode([String: Tree].self) {
        self = .branches(branches)
      } else if let list = try? container.decode([Tree].self) {
        self = .branches(Dictionary(uniqueKeysWithValues: list.enumerated().map { (String($0 + 1), $1) }))
      } else {
        self = .leaf(try container.decode(Configuration.Value.self).description)
      }
    }

    var leaves: [String: String] {
      guard case .branches(let branches) = self else { return [:] }
      return branches.reduce(into: [:]) { found, branch in
        guard case .leaf(let text) = branch.value else {
          return found.merge(branch.value.leaves.map { ("\(branch.key).\($0)", $1) }) { $1 }
        }
        found[branch.key] = text
      }
    }
  }

  // MARK: - Keys

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The names in a configuration are the author's.
  private static func isVerbatim(_ path: [any CodingKey]) -> Bool {
    path.dropLast().contains { $0.stringValue == "configuration" }
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  private static func camelCase(_ name: String) -> String {
    let words = name.split(separator: "_")
    return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
  }

  private static func sentence(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
      let path = context.codingPath.map { $0.intValue.map { String($0 + 1) } ?? snakeCase($0.stringValue) }
      return (path + [key.map { snakeCase($0.stringValue) }].compactMap(\.self)).joined(separator: ".")
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return "'\(place(context, key))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "'\(place(context))' is not of its kind"
    default: return "it is no JSON, or a number in it cannot be"
    }
  }
}
