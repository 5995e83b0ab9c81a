import Foundation
import Learning

/// The JSON of records: pretty printed, sorted keys, snake_case, so that `git diff` shows what differs.
enum RecordFile {
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .custom { Key($0, snakeCase) }
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  /// - Throws: `FileError` with one sentence, even about a file that was edited by hand.
  static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
    try decode(type, from: Data(ofFile: path), of: path)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, of path: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { Key($0, camelCase) }
    do {
      return try decoder.decode(type, from: data)
    } catch {
      func place(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { String($0 + 1) } ?? snakeCase($0.stringValue) }.joined(separator: ".")
      }
      let what =
        switch error {
        case DecodingError.keyNotFound(let key, let context):
          "'\(place(context.codingPath + [key]))' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
          "'\(place(context.codingPath))' has the wrong type"
        default: "it is not JSON, or a number in it is impossible"
        }
      throw FileError(
        path: path, reason: "was changed or is of another version: \(what)",
        cure: "restore it with 'git restore', or remove it")
    }
  }

  /// The numbers and words of a value, by their names, as text.
  static func fields(of value: some Encodable) -> [String: String] {
    let lines = ((try? text(of: value)) ?? "").split(separator: "\n").map {
      $0.components(separatedBy: "\" : ")
    }
    let trimmed = CharacterSet(charactersIn: " \",")
    let fields = lines.filter { $0.count == 2 }.map { $0.map { $0.trimmingCharacters(in: trimmed) } }
    return Dictionary(fields.map { ($0[0], $0[1]) }) { first, _ in first }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    /// The names in a configuration are their author's, and stay as they are.
    init(_ path: [any CodingKey], _ change: (String) -> String) {
      let name = path.last?.stringValue ?? ""
      stringValue = path.dropLast().contains { $0.stringValue == "configuration" } ? name : change(name)
    }
  }

  private static func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  private static func camelCase(_ name: String) -> String {
    let words = name.split(separator: "_")
    return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
  }
}
