import Learning

/// The digits that a run saw, by the checksums in its configuration.
enum DataSource: Equatable, CustomStringConvertible {
  case mnist
  case other(String)

  /// CRC-32 of MNIST's four files, unpacked.
  private static let mnistChecksums = [
    "train-images-idx3-ubyte": "e9f4d8b3", "train-labels-idx1-ubyte": "e0cb4ad2",
    "t10k-images-idx3-ubyte": "91373bdf", "t10k-labels-idx1-ubyte": "4ab9eff9",
  ]

  /// Each source once; none where no world is made of digits.
  static func all(of conditions: [Condition]) -> [DataSource] {
    conditions.reduce(into: []) { found, condition in
      guard case .nested(let digits)? = condition.world.configuration["digits"] else { return }
      let source = DataSource(digits)
      if !found.contains(source) { found.append(source) }
    }
  }

  private init(_ digits: Configuration) {
    let isMNIST = Self.mnistChecksums.allSatisfy { digits[$0.key] == .text($0.value) }
    self = isMNIST ? .mnist : .other(digits["train-images-idx3-ubyte"]?.description ?? digits.key)
  }

  var description: String {
    switch self {
    case .mnist: "MNIST"
    case .other(let checksum): "checksum \(checksum)"
    }
  }
}
