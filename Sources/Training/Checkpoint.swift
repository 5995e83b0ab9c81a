import Foundation
import NumericCore

/// A file of tensors and text in the safetensors layout, so that Python opens it: eight bytes of header
/// length, a JSON header, then the numbers, little-endian.
///
/// The metadata carry a checksum of the numbers; a file that was cut or changed is refused.
public struct Checkpoint {
  public var metadata: [String: String]
  public var tensors: [(name: String, shape: [Int], values: [Float])]

  public init(metadata: [String: String], tensors: [(name: String, shape: [Int], values: [Float])]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  private struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }

  /// The file before `path`'s present one.
  public static func previous(_ path: String) -> String { path + ".previous" }

  /// Writes the file whole or not at all; the one that stood there becomes `previous`.
  public func write(to path: String) throws {
    let manager = FileManager.default
    let bytes = try encoded()
    let kept = Self.previous(path)
    if manager.fileExists(atPath: path) {
      // A second name for the old file, so that there is a whole file under `path` at every moment.
      try? manager.removeItem(atPath: kept)
      try? manager.linkItem(atPath: path, toPath: kept)
    }
    try AtomicFile.write(bytes, to: path)
  }

  package func encoded() throws -> [UInt8] {
    var data: [UInt8] = []
    var entries: [String: Entry] = [:]
    for tensor in tensors {
      precondition(
        tensor.shape.reduce(1, *) == tensor.values.count,
        "tensor '\(tensor.name)' has \(tensor.values.count) numbers in a shape \(tensor.shape)")
      let start = data.count
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
      entries[tensor.name] = Entry(dtype: "F32", shape: tensor.shape, dataOffsets: [start, data.count])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var metadata = metadata
    metadata["layout"] = Self.layout(entries.map { ($0.key, $0.value.shape, $0.value.dataOffsets[0]) })
    metadata["checksum"] = Self.checksum(data[...], metadata)
    let text = String(decoding: try encoder.encode(entries), as: UTF8.self)
    let described = String(decoding: try encoder.encode(metadata), as: UTF8.self)
    var header = "{\"__metadata__\":" + described + (entries.isEmpty ? "}" : "," + text.dropFirst())
    while header.utf8.count % 8 != 0 { header += " " }
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += header.utf8
    return bytes + data
  }

  /// FNV-1a in 64 bits: finds what disks and transfers do, not what somebody means to do.
  private struct Checksum {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    var text: String { String(hash, radix: 16) }
  }

  /// Over the numbers and the metadata.
  private static func checksum(_ data: ArraySlice<UInt8>, _ metadata: [String: String]) -> String {
    var sum = Checksum()
    sum.add(data)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != "checksum" {
      sum.add(key.utf8)
      sum.add(value.utf8)
    }
    return sum.text
  }

  /// Over names, shapes and places. The metadata carry it, so their checksum covers it.
  private static func layout(_ tensors: [(name: String, shape: [Int], start: Int)]) -> String {
    var sum = Checksum()
    for (name, shape, start) in tensors.sorted(by: { $0.name < $1.name }) {
      sum.add("\(name) \(shape) \(start);".utf8)
    }
    return sum.text
  }

  /// Reads and checks a file.
  ///
  /// - Throws: `FileError` when it cannot be read, was cut, or was changed.
  public init(reading path: String) throws {
    let bytes: [UInt8]
    do {
      bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw FileError(
        path: path, reason: "this checkpoint cannot be read", cure: "check that it is there and yours")
    }
    try self.init(bytes: bytes, path: path)
  }

  package init(bytes: [UInt8], path: String) throws {
    func damaged(_ what: String) -> FileError {
      FileError(
        path: path, reason: "this checkpoint is damaged: \(what)",
        cure: "remove it, or start anew with --fresh")
    }
    guard bytes.count >= 8 else { throw damaged("\(bytes.count) bytes are too few") }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw damaged("its header claims \(length) bytes of the \(bytes.count - 8) there are")
    }
    let data = bytes[(8 + Int(length))...]
    guard
      let header = try? JSONSerialization.jsonObject(with: Data(bytes[8..<(8 + Int(length))]))
        as? [String: Any],
      let metadata = header["__metadata__"] as? [String: String]
    else { throw damaged("its header is no safetensors header") }
    var found: [(name: String, shape: [Int], range: Range<Int>)] = []
    for (name, value) in header where name != "__metadata__" {
      guard let entry = value as? [String: Any], entry["dtype"] as? String == "F32",
        let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int],
        offsets.count == 2,
        offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= data.count, shape.allSatisfy({ $0 >= 0 }),
        let count = Self.product(shape), offsets[1] - offsets[0] == 4 * count
      else { throw damaged("the entry of tensor '\(name)' does not fit its \(data.count) bytes of numbers") }
      found.append((name, shape, offsets[0]..<offsets[1]))
    }
    // Those without numbers stand before the one that begins at the same place.
    found.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < (
        $1.range.lowerBound, $1.range.upperBound, $1.name
      )
    }
    // Nothing is asked for before this: tensors that share bytes could want more memory than the file has bytes.
    let end = found.reduce(0) { end, tensor in tensor.range.lowerBound == end ? tensor.range.upperBound : -1 }
    guard end == data.count else { throw damaged("its tensors do not lie one after the other") }
    guard metadata["checksum"] == Self.checksum(data, metadata),
      // Files of before there was one have none.
      metadata["layout"].map({ layout in
        layout == Self.layout(found.map { ($0.name, $0.shape, $0.range.lowerBound) })
      }) ?? true
    else { throw damaged("its checksum does not fit") }
    self.metadata = metadata.filter { $0.key != "checksum" && $0.key != "layout" }
    tensors = data.withUnsafeBytes { bytes in
      found.map { tensor in
        let values = [Float](unsafeUninitializedCapacity: tensor.range.count / 4) { buffer, initialized in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[tensor.range]))
          initialized = tensor.range.count / 4
        }
        return (tensor.name, tensor.shape, values)
      }
    }
  }

  private static func product(_ shape: [Int]) -> Int? {
    var product = 1
    for side in shape {
      let (value, overflow) = product.multipliedReportingOverflow(by: side)
      if overflow || value > 1 << 40 { return nil }
      product = value
    }
    return product
  }

  func values(_ name: String) -> [Float]? { tensors.first { $0.name == name }?.values }
}

extension Trainer {
  /// Everything that training needs to go on as if it had never stopped.
  public func checkpoint(metadata: [String: String]) -> Checkpoint {
    let parameters = learner.parameters
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for parameter in parameters.tensors {
      let matrix = parameters[parameter]
      let offset = matrix.pointer - parameters.flat
      let shape = [parameter.rows, parameter.columns]
      for (prefix, memory) in [
        ("", parameters.flat), ("optimizer.first.", optimizer.moments.first),
        ("optimizer.second.", optimizer.moments.second),
      ] {
        let values = Array(UnsafeBufferPointer(start: memory + offset, count: parameter.count))
        tensors.append((prefix + parameter.name, shape, values))
      }
    }
    let state = learner.state
    if !state.isEmpty { tensors.append(("state", [state.count], state)) }
    return Checkpoint(
      metadata: metadata.merging(["step": String(step), "updates": String(optimizer.updates)]) { $1 },
      tensors: tensors)
  }

  /// Goes on from a checkpoint.
  ///
  /// - Throws: `FileError` when a tensor is missing or has another shape.
  public func restore(_ checkpoint: Checkpoint, from path: String) throws {
    func unfit(_ what: String) -> FileError {
      FileError(
        path: path, reason: "this checkpoint is of another network: \(what)", cure: "start anew with --fresh")
    }
    guard let step = checkpoint.metadata["step"].flatMap({ Int($0) }),
      let updates = checkpoint.metadata["updates"].flatMap({ Int($0) }),
      step >= 0, updates >= 0
    else { throw unfit("it does not say how far it is") }
    let parameters = learner.parameters
    let saved = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.values) })
    for parameter in parameters.tensors {
      let offset = parameters[parameter].pointer - parameters.flat
      for (prefix, memory) in [
        ("", parameters.flat), ("optimizer.first.", optimizer.moments.first),
        ("optimizer.second.", optimizer.moments.second),
      ] {
        guard let values = saved[prefix + parameter.name] else {
          throw unfit("no tensor '\(prefix + parameter.name)'")
        }
        guard values.count == parameter.count else {
          throw unfit("'\(prefix + parameter.name)' has \(values.count) numbers, not \(parameter.count)")
        }
        values.withUnsafeBufferPointer { source in
          if let first = source.baseAddress { (memory + offset).update(from: first, count: source.count) }
        }
      }
    }
    learner.state = saved["state"] ?? []
    parameters.refreshCopies()
    optimizer.restore(updates: updates)
    self.step = step
  }
}
