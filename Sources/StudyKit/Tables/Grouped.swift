extension Sequence {
  /// The elements by a key, in the order of each key's first element.
  public func grouped<Key: Equatable>(by key: (Element) throws -> Key) rethrows -> [(
    key: Key, elements: [Element]
  )] {
    try reduce(into: []) { groups, element in
      let key = try key(element)
      if let index = groups.firstIndex(where: { $0.key == key }) {
        groups[index].elements.append(element)
      } else {
        groups.append((key, [element]))
      }
    }
  }
}
