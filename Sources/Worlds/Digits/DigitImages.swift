import Foundation
import Numerics
import Learning

/// The handwritten digits that every scene is made of, loaded once and shared by all runs.
///
/// Split as in the paper: 50,000 digits for training, 10,000 for validation, 10,000 for test. The paper does not say
/// which training images were set aside; here they are the last ones in the file.
public final class DigitImages: Sendable {
  /// Width and height of a digit, pixels.
  public static let side = 28
  /// MNIST's names of the four files, with the CRC-32 of each, unpacked.
  public let configuration: Configuration

  private let trainingCount: Int
  private let validationCount: Int
  private let testCount: Int
  // Written in `init` only, so that any thread may read. Training, validation and test digits in this order.
  private nonisolated(unsafe) let pixels: UnsafeMutablePointer<UInt8>  // [count, 28, 28]
  private nonisolated(unsafe) let labels: UnsafeMutablePointer<UInt8>  // [count]

  // MARK: - Loading

  /// The digits of a folder, or MNIST as it comes with the package where no folder is named.
  public static func load(_ directory: String? = nil) throws -> DigitImages {
    try directory.map { try DigitImages(directory: $0) } ?? bundled()
  }

  /// MNIST as it comes with the package, loaded at the first call; later calls give the same object.
  /// - Throws: `FileError` if the files are no longer beside the executable, nor in the source tree.
  public static func bundled() throws -> DigitImages { try loaded.get() }

  private static let loaded = Result<DigitImages, any Error> {
    // `Bundle.module` would end the program if the executable was moved away from its resources.
    let beside = Bundle.main.bundleURL.appendingPathComponent(
      "recurrent-visual-attention_Worlds.resources/MNIST")
    let inSources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("MNIST")
    for folder in [beside, inSources] where FileManager.default.fileExists(atPath: folder.path) {
      return try DigitImages(directory: folder.path)
    }
    throw FileError(
      beside.path, expected: "the folder with MNIST's four files", found: "nothing",
      cure: "build the package again or name a folder that holds them")
  }

  /// Four files under MNIST's names, packed by gzip or not: `train-images-idx3-ubyte`,
  /// `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, with `.idx` for `-idx`
  /// also understood.
  /// - Throws: `FileError` if one is missing, damaged, or does not fit the others.
  public convenience init(directory: String) throws {
    func load(_ stem: String, rank: Int) throws -> NamedFile {
      let names = ["-", "."].flatMap { mark in ["", ".gz"].map { "\(stem)\(mark)idx\(rank)-ubyte\($0)" } }
      let paths = names.map { URL(fileURLWithPath: directory).appendingPathComponent($0).path }
      guard let path = paths.first(where: FileManager.default.fileExists(atPath:)) else {
        throw FileError(
          directory, expected: "a file \(names[0]) or \(names[1])", found: "neither",
          cure: "give a folder that holds the four files of MNIST or of a set in its format")
      }
      return NamedFile(name: path, content: try IDXFile(contentsOf: path))
    }
    try self.init(
      trainingImages: load("train-images", rank: 3), trainingLabels: load("train-labels", rank: 1),
      testImages: load("t10k-images", rank: 3), testLabels: load("t10k-labels", rank: 1))
  }

  struct NamedFile {
    var name: String
    var content: IDXFile
  }

  init(
    trainingImages: NamedFile, trainingLabels: NamedFile, testImages: NamedFile, testLabels: NamedFile
  ) throws {
    // At least two digits in every split, so that clutter can come from another one.
    try Self.check(trainingImages, trainingLabels, atLeast: 12)
    try Self.check(testImages, testLabels, atLeast: 2)
    let fileCount = trainingLabels.content.values.count
    validationCount = fileCount / 6  // 10,000 of 60,000
    trainingCount = fileCount - validationCount
    testCount = testLabels.content.values.count

    let imageSize = Self.side * Self.side
    pixels = .allocate(capacity: (fileCount + testCount) * imageSize)
    labels = .allocate(capacity: fileCount + testCount)
    pixels.initialize(from: trainingImages.content.values, count: fileCount * imageSize)
    labels.initialize(from: trainingLabels.content.values, count: fileCount)
    (pixels + fileCount * imageSize).initialize(from: testImages.content.values, count: testCount * imageSize)
    (labels + fileCount).initialize(from: testLabels.content.values, count: testCount)
    configuration = Configuration("digits")
      .with("train-images-idx3-ubyte", trainingImages.content.checksum)
      .with("train-labels-idx1-ubyte", trainingLabels.content.checksum)
      .with("t10k-images-idx3-ubyte", testImages.content.checksum)
      .with("t10k-labels-idx1-ubyte", testLabels.content.checksum)
  }

  deinit {
    pixels.deallocate()
    labels.deallocate()
  }

  private static func check(_ images: NamedFile, _ labels: NamedFile, atLeast minimum: Int) throws {
    let shape = images.content.dimensions
    guard shape.count == 3, shape[1] == side, shape[2] == side else {
      throw FileError(
        images.name, expected: "images of 28x28 pixels, an array of Nx28x28",
        found: shape.map(String.init).joined(separator: "x"), cure: "scale the images to 28x28")
    }
    guard labels.content.dimensions == [shape[0]] else {
      throw FileError(
        labels.name, expected: "\(shape[0]) labels, one for each image of \(images.name)",
        found: labels.content.dimensions.map(String.init).joined(separator: "x"),
        cure: "use images and labels that belong together")
    }
    guard shape[0] >= minimum else {
      throw FileError(
        images.name, expected: "at least \(minimum) images", found: "\(shape[0])", cure: "use a larger set")
    }
    if let index = labels.content.values.firstIndex(where: { $0 > 9 }) {
      throw FileError(
        labels.name, expected: "labels in 0...9", found: "\(labels.content.values[index]) at index \(index)",
        cure: "use a set of ten classes")
    }
  }

  // MARK: - Reading

  public func count(of split: Split) -> Int {
    switch split {
    case .training: trainingCount
    case .validation: validationCount
    case .test: testCount
    }
  }

  /// The pixels of one digit, [28, 28], valid as long as this object exists.
  public func pixels(_ split: Split, _ index: Int) -> UnsafePointer<UInt8> {
    UnsafePointer(pixels + row(split, index) * (Self.side * Self.side))
  }

  /// The class of one digit, 0...9.
  public func label(_ split: Split, _ index: Int) -> UInt8 {
    labels[row(split, index)]
  }

  private func row(_ split: Split, _ index: Int) -> Int {
    require(
      index >= 0 && index < count(of: split), "digit \(index) of a \(split) split of \(count(of: split))")
    switch split {
    case .training: return index
    case .validation: return trainingCount + index
    case .test: return trainingCount + validationCount + index
    }
  }
}
