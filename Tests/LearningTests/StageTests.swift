import Learning
import Testing

/// Frames of one grey, the example's index, named by two labels; labels may be wrong from some index on.
private struct Greys: World {
  typealias Episode = Still
  var side = 3
  var classCounts = [4, 256]
  var wrongFrom = Int.max
  var summary: String { "greys" }
  var configuration: Configuration { Configuration("greys") }

  func count(of split: Split) -> Int { 100 }

  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Still {
    for pixel in pixels.indices { pixels[pixel] = UInt8(index) }
    labels[0] = index >= wrongFrom ? 4 : UInt8(index % 4)
    labels[1] = UInt8(index)
    return Still()
  }
}

/// One pixel that counts up by what is done; the reward is the new number.
private struct Counter: World {
  var side: Int { 1 }
  var classCounts: [Int] { [] }
  var play: Play? { Play(actions: 5, decisions: 3) }
  var summary: String { "counter" }
  var configuration: Configuration { Configuration("counter") }

  func count(of split: Split) -> Int { 100 }

  func begin(
    _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
    labels: inout MutableSpan<UInt8>
  ) -> Int {
    pixels[0] = UInt8(index)
    return index
  }

  func act(_ action: Int, in number: inout Int, pixels: inout MutableSpan<UInt8>) -> Float {
    number += action
    pixels[0] = UInt8(number)
    return Float(number)
  }
}

/// A picture of class `index % 10`, of the ten or fewer that it says there are.
private struct Classes: StillWorld {
  var classCount = 10
  var side: Int { 2 }
  var summary: String { "classes" }
  var configuration: Configuration { Configuration("classes") }

  func count(of split: Split) -> Int { 100 }

  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    UInt8(index % 10)
  }
}

@Suite("Stage")
struct StageTests {
  @Test("examples stand side by side, each with its frame and all its labels")
  func sideBySide() throws {
    let stage = Stage(Greys(), capacity: 5)
    try stage.begin(.test, first: 7, count: 4, seed: 1)
    #expect(stage.count == 4 && stage.side == 3)
    for example in 0..<4 {
      #expect((0..<9).allSatisfy { stage.frame(example)[$0] == UInt8(7 + example) })
      #expect(stage.label(example) == (7 + example) % 4 && stage.label(example, 1) == 7 + example)
    }
    #expect((0..<9).allSatisfy { stage.frame(4)[$0] == 0 }, "beyond the last one nothing was drawn")
  }

  @Test("a label outside the classes is refused at the first such example, in one sentence")
  func wrongLabel() throws {
    let stage = Stage(Greys(wrongFrom: 12), capacity: 8)
    try stage.begin(.validation, first: 4, count: 8, seed: 1)
    let error = #expect(throws: WorldError.self) {
      try stage.begin(.validation, first: 9, count: 8, seed: 1)
    }
    #expect(
      error?.description
        == "greys: validation example 12 has the label 4, and the world says that labels are in 0..<4; "
        + "correct its label or its number of classes.")

    let picture = Stage(Classes(classCount: 7), capacity: 8)
    try picture.begin(.training, first: 0, count: 7, seed: 1)
    let second = #expect(throws: WorldError.self) {
      try picture.begin(.training, first: 0, count: 8, seed: 1)
    }
    #expect(second?.index == 7 && second?.label == 7)
  }

  /// Gives a label to the first two examples only.
  private struct Forgetful: World {
    let side = 1
    let classCounts = [3]
    let summary = "forgetful"
    let configuration = Configuration("forgetful")
    func count(of split: Split) -> Int { 10 }
    func begin(
      _ split: Split, index: Int, seed: UInt64, pixels: inout MutableSpan<UInt8>,
      labels: inout MutableSpan<UInt8>
    ) -> Still {
      if index < 2 { labels[0] = 1 }
      return Still()
    }
  }

  @Test("a label that is not given is refused, and no example has that of another one")
  func missingLabel() throws {
    let stage = Stage(Forgetful(), capacity: 2)
    try stage.begin(.training, first: 0, count: 2, seed: 1)
    let error = #expect(throws: WorldError.self) { try stage.begin(.training, first: 1, count: 2, seed: 1) }
    #expect(error?.index == 2 && error?.label == 255)
    try stage.begin(.training, first: 0, count: 1, seed: 1)
    #expect(stage.label(0) == 1 && stage.label(1) == 0)
  }

  @Test("acting draws the next frame of every example and adds up its rewards since it was begun")
  func acting() throws {
    let stage = Stage(Counter(), capacity: 3)
    for _ in 0..<2 {
      try stage.begin(.training, first: 10, count: 2, seed: 1)
      #expect(stage.returns[0] == 0 && stage.returns[1] == 0)
      let actions: [UInt8] = [1, 4]
      stage.act(actions)
      stage.act(actions)
      #expect(stage.frame(0)[0] == 12 && stage.frame(1)[0] == 19)
      #expect(stage.returns[0] == 11 + 12 && stage.returns[1] == 15 + 19)
    }
  }

  @Test("nothing happens in a picture")
  func still() throws {
    let stage = Stage(Classes(), capacity: 1)
    try stage.begin(.test, first: 3, count: 1, seed: 1)
    stage.act([1])
    #expect(stage.world.play == nil && stage.label(0) == 3 && stage.returns[0] == 0)
  }
}
