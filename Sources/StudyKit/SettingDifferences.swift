// Two configurations side by side: which settings differ, by their names.

import Foundation

enum SettingDifferences {
  /// "training.batchSize is 64 where 128 is asked for", for every setting that differs, in the order of names.
  static func sentences(_ saved: String, asked: String) -> [String] {
    let (old, new) = (settings(saved), settings(asked))
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
      let (a, b) = (old[name] ?? "not there", new[name] ?? "nothing")
      return a == b ? nil : "\(name) is \(a) where \(b) is asked for"
    }
  }

  /// Every number and word of a JSON text by its dotted path.
  private static func settings(_ json: String) -> [String: String] {
    var found: [String: String] = [:]
    func add(_ value: Any, _ path: String) {
      func below(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
      switch value {
      case let object as [String: Any]: for (name, value) in object { add(value, below(name)) }
      case let list as [Any]: for (index, value) in list.enumerated() { add(value, below(String(index + 1))) }
      default: found[path] = "\(value)"
      }
    }
    if let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) { add(object, "") }
    return found
  }
}
