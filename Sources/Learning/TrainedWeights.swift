import Autodiff
import Foundation

/// What a run has learned, as it is published: `weights/<condition>-seed<n>.safetensors`.
///
/// The file names its run.
public struct TrainedWeights {
  public let path: String
  /// Everything that identifies the run: world, network, training and seed.
  public let run: Configuration
  private let checkpoint: Checkpoint

  /// - Throws: `FileError` for a file that holds no weights, is damaged, or is of a run that nobody knows.
  public init(reading path: String) throws {
    self.path = path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
      let data = FileManager.default.contents(atPath: path)
    else {
      throw FileError(
        path: path, reason: isFolder.boolValue ? "is a folder, not a file of weights" : "cannot be read",
        cure: "name a file such as \(Self.example)")
    }
    let bytes = [UInt8](data)
    do {
      checkpoint = try Checkpoint(bytes: bytes, path: path)
    } catch let error as FileError {
      throw FileError(
        path: path,
        reason: error.reason.replacing(
          "this checkpoint is damaged", with: "is not a complete file of weights"),
        cure: "name a file such as \(Self.example), as it was written")
    }
    guard let text = checkpoint.metadata["configuration"] else {
      throw FileError(
        path: path, reason: "does not say which network it is for",
        cure: "name a file such as \(Self.example), as it was written")
    }
    guard let run = try? JSONDecoder().decode(Configuration.self, from: Data(text.utf8)) else {
      throw FileError(
        path: path, reason: "its configuration cannot be read", cure: Configuration.otherVersion)
    }
    self.run = run
  }

  private static let example = "Results/cluttered/paper/weights/ram-6-seed1.safetensors"

  // MARK: - What was trained, on what

  /// - Throws: `DefinitionError` when the run has no such part.
  public func network() throws -> Configuration { try run.value("network") }
  public func world() throws -> Configuration { try run.value("world") }

  /// With which precision the products were computed.
  public func precision() throws -> ProductPrecision {
    let training: Configuration = try run.value("training")
    return try training.value("precision", default: .single)
  }

  /// How many rows and columns a tensor has; nil where there is none of that name.
  public func shape(of tensor: String) -> (rows: Int, columns: Int)? {
    checkpoint.tensors.first { $0.name == tensor && $0.shape.count == 2 }.map { ($0.shape[0], $0.shape[1]) }
  }

  /// Gives a learner its weights, and the precision that it was trained with where this machine has it.
  ///
  /// - Throws: `FileError` when a tensor is missing or has another shape.
  public func restore(_ learner: any Learner) throws {
    try checkpoint.restoreWeights(of: learner, from: path)
    let precision = try precision()
    learner.parameters.precision = precision.obstacle == nil ? precision : .single
  }
}
