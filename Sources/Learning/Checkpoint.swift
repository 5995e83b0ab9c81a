import Foundation
import Numerics

/// A file of tensors and text in the safetensors layout, so that Python opens it: eight bytes of header
/// length, a JSON header, then the numbers, little-endian.
///
/// The metadata contain a checksum of the numbers; a file that was truncated or changed is refused.
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

  /// The file that `path` held before.
  public static func previous(_ path: String) -> String { path + ".previous" }

  /// Writes the whole file or nothing; the old file becomes `previous`.
  public func write(to path: String) throws {
    let manager = FileManager.default
    let bytes = try encoded()
    let kept = Self.previous(path)
    if manager.fileExists(atPath: path) {
      // A second name for the old file, so that `path` is a complete file at every moment.
      try? manager.removeItem(atPath: kept)
      do {
        try manager.linkItem(atPath: path, toPath: kept)
      } catch {
        try? manager.copyItem(atPath: path, toPath: kept)  // on a disk without hard links
      }
    }
    try AtomicFile.write(bytes, to: path)
  }

  package func encoded() throws -> [UInt8] {
    var data: [UInt8] = []
    var entries: [String: Entry] = [:]
    for tensor in tensors {
      require(
        tensor.shape.reduce(1, *) == tensor.values.count,
        "tensor '\(tensor.name)' has \(tensor.values.count) numbers in a shape \(tensor.shape)")
      require(entries[tensor.name] == nil, "two tensors of a file are named '\(tensor.name)'")
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

  /// Over the numbers and the metadata.
  private static func checksum(_ data: ArraySlice<UInt8>, _ metadata: [String: String]) -> String {
    let texts = metadata.sorted { $0.key < $1.key }.filter { $0.key != "checksum" }.map {
      "\($0.key)\u{0}\($0.value)\u{0}"
    }
    return Checksum.crc32(data) + Checksum.crc32(Array(texts.joined().utf8))
  }

  /// Over names, shapes and places. It is part of the metadata, so their checksum covers it.
  private static func layout(_ tensors: [(name: String, shape: [Int], start: Int)]) -> String {
    let texts = tensors.sorted { $0.name < $1.name }.map { "\($0.name) \($0.shape) \($0.start);" }
    return Checksum.crc32(Array(texts.joined().utf8))
  }

  /// Reads and checks a file.
  ///
  /// - Throws: `FileError` when it cannot be read, was truncated, or was changed.
  public init(reading path: String) throws {
    try self.init(
      bytes: [UInt8](Data(ofFile: path, otherwise: "this checkpoint cannot be read")), path: path)
  }

  package init(bytes: [UInt8], path: String) throws {
    func damaged(_ what: String) -> FileError {
      FileError(
        path: path, reason: "this checkpoint is damaged: \(what)",
        cure: "remove it, or start again with --fresh")
    }
    guard bytes.count >= 8 else { throw damaged("\(bytes.count) bytes are too few") }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw damaged("its header claims \(length) bytes, and the file has \(bytes.count - 8)")
    }
    let data = bytes[(8 + Int(length))...]
    guard
      let header = try? JSONSerialization.jsonObject(with: Data(bytes[8..<(8 + Int(length))]))
        as? [String: Any],
      let metadata = header["__metadata__"] as? [String: String]
    else { throw damaged("its header is not a safetensors header") }
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
    // Empty tensors come before the tensor that begins at the same place.
    found.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < (
        $1.range.lowerBound, $1.range.upperBound, $1.name
      )
    }
    // No memory is allocated before this check: tensors that share bytes could need more memory than the file has
    // bytes.
    let end = found.reduce(0) { end, tensor in tensor.range.lowerBound == end ? tensor.range.upperBound : -1 }
    guard end == data.count else { throw damaged("its tensors do not lie one after the other") }
    guard metadata["checksum"] == Self.checksum(data, metadata),
      metadata["layout"] == Self.layout(found.map { ($0.name, $0.shape, $0.range.lowerBound) })
    else { throw damaged("its checksum does not match") }
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
}
