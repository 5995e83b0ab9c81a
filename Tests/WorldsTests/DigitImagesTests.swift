import Foundation
import HostileInput
import Learning
import Testing

@testable import Worlds

@Suite("Digits")
struct DigitImagesTests {
  @Test("MNIST comes as 50,000, 10,000 and 10,000 digits")
  func counts() throws {
    let digits = try DigitImages.bundled()
    #expect(digits.count(of: .training) == 50_000)
    #expect(digits.count(of: .validation) == 10_000)
    #expect(digits.count(of: .test) == 10_000)
    #expect(try DigitImages.load(nil) === digits, "one copy for all runs")
  }

  @Test("the first training digits are 5 0 4 1 9, the first test digits 7 2 1 0 4")
  func firstLabels() throws {
    let digits = try DigitImages.bundled()
    #expect((0..<5).map { digits.label(.training, $0) } == [5, 0, 4, 1, 9])
    #expect((0..<5).map { digits.label(.test, $0) } == [7, 2, 1, 0, 4])
  }

  @Test("validation is the end of the training file, and all pixels have MNIST's published means")
  func splits() throws {
    let digits = try DigitImages.bundled()
    // Sums over the files' bytes, worked out by Python's gzip and sum; 0.1307 is the mean that every tutorial
    // has.
    func sum(_ split: Split) -> Int {
      (0..<digits.count(of: split)).reduce(0) { total, index in
        let digit = UnsafeBufferPointer(start: digits.pixels(split, index), count: 784)
        return total + digit.reduce(0) { $0 + Int($1) }
      }
    }
    let (training, validation, test) = (sum(.training), sum(.validation), sum(.test))
    #expect(training == 1_309_089_051 && validation == 258_209_494 && test == 264_923_200)
    #expect(abs(Double(training + validation) / (60_000 * 784 * 255) - 0.1307) < 0.00005)
    #expect((0..<5).map { digits.label(.validation, $0) } == [3, 8, 6, 9, 6])
  }

  @Test("the checksums are those of the four original files")
  func checksums() throws {
    // By Python's zlib; the MD5 sums in the folder's README are those known for the originals.
    let originals = Configuration("digits")
      .with("train-images-idx3-ubyte", "e9f4d8b3").with("train-labels-idx1-ubyte", "e0cb4ad2")
      .with("t10k-images-idx3-ubyte", "91373bdf").with("t10k-labels-idx1-ubyte", "4ab9eff9")
    #expect(try DigitImages.bundled().configuration == originals)
  }

  // MARK: - Other folders

  @Test("plain files, or with dots in their names, are the same data", arguments: ["-", "."])
  func otherNames(mark: String) throws {
    let folder = try Folder(training: uniformImages(12), test: uniformImages(2), mark: mark)
    defer { folder.remove() }
    let digits = try DigitImages.load(folder.path)
    #expect(digits.configuration == (try digitSet(training: uniformImages(12))).configuration)
    #expect(Split.allCases.map(digits.count(of:)) == [10, 2, 2])
    #expect(digits.label(.validation, 1) == 1 && digits.pixels(.validation, 1)[783] == 11)
  }

  @Test("a set of another size is split 5 to 1")
  func otherSize() throws {
    let digits = try digitSet(training: uniformImages(600), test: uniformImages(40))
    #expect(Split.allCases.map(digits.count(of:)) == [500, 100, 40])
    #expect(digits.pixels(.validation, 0)[0] == UInt8(500 % 256))
  }

  @Test("what does not fit together is named: missing files, counts, labels, sizes")
  func refusals() throws {
    func complaint(_ body: () throws -> DigitImages) -> String {
      do {
        _ = try body()
        return "no complaint"
      } catch {
        return String(describing: error)
      }
    }
    let good = uniformImages(12)
    let missing = complaint { try DigitImages(directory: "/no/such/folder") }
    #expect(missing.contains("/no/such/folder: expected a file train-images-idx3-ubyte"), "\(missing)")

    let fewer = complaint { try digitSet(training: (good.images, idx([11], .init(repeating: 0, count: 11)))) }
    #expect(fewer.contains("train-labels: expected 12 labels") && fewer.contains("found 11"), "\(fewer)")

    let ten = complaint {
      try digitSet(training: (good.images, idx([12], [1, 2, 10] + [UInt8](repeating: 0, count: 9))))
    }
    #expect(ten.contains("labels in 0...9, found 10 at index 2"), "\(ten)")

    let large = complaint {
      try digitSet(training: (idx([12, 32, 32], .init(repeating: 0, count: 12 * 1024)), good.labels))
    }
    #expect(large.contains("28x28 pixels") && large.contains("found 12x32x32"), "\(large)")

    let small = complaint { try digitSet(training: uniformImages(11)) }
    #expect(small.contains("at least 12 images, found 11"), "\(small)")
  }

  @Test(
    "Debian's Fashion-MNIST is read unchanged", .enabled(if: FileManager.default.fileExists(atPath: fashion)))
  func fashionMNIST() throws {
    let digits = try DigitImages(directory: fashion)
    #expect(Split.allCases.map(digits.count(of:)) == [50_000, 10_000, 10_000])
    #expect(digits.label(.training, 0) == 9, "an ankle boot")
  }
}

/// Where Debian's package dataset-fashion-mnist puts its files.
private let fashion = "/usr/share/datasets/fashion-mnist"

// MARK: - Sets made by hand

/// Images that are `value(index)` everywhere, labelled `index % 10`, as IDX bytes.
func uniformImages(_ count: Int, value: (Int) -> Int = { $0 }) -> (images: [UInt8], labels: [UInt8]) {
  let pixels = (0..<count).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: value($0)), count: 784) }
  return (idx([count, 28, 28], pixels), idx([count], (0..<count).map { UInt8($0 % 10) }))
}

func digitSet(
  training: (images: [UInt8], labels: [UInt8]), test: (images: [UInt8], labels: [UInt8]) = uniformImages(2)
) throws -> DigitImages {
  func file(_ bytes: [UInt8], _ name: String) throws -> DigitImages.NamedFile {
    .init(name: name, content: try IDXFile(bytes: bytes, name: name))
  }
  return try DigitImages(
    trainingImages: file(training.images, "train-images"),
    trainingLabels: file(training.labels, "train-labels"),
    testImages: file(test.images, "test-images"), testLabels: file(test.labels, "test-labels"))
}

/// A temporary folder with the four files of a set, two of them packed.
private struct Folder {
  let path: String

  init(
    training: (images: [UInt8], labels: [UInt8]), test: (images: [UInt8], labels: [UInt8]), mark: String
  ) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("digits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    let files = [
      ("train-images\(mark)idx3-ubyte", training.images),
      ("train-labels\(mark)idx1-ubyte.gz", gzip(training.labels)),
      ("t10k-images\(mark)idx3-ubyte.gz", gzip(test.images)),
      ("t10k-labels\(mark)idx1-ubyte", test.labels),
    ]
    for (name, bytes) in files { try Data(bytes).write(to: url.appendingPathComponent(name)) }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
