import Foundation
import Learning
import Testing
import Worlds

@testable import AttentionStudies
@testable import RecurrentAttention
@testable import StudyKit

/// A white square of 4x4 pixels in the lower right of 12x12.
private struct Squares: StillWorld {
  let side = 12
  let classCount = 2
  let summary = "squares"
  let configuration = Configuration("squares")
  func count(of split: Split) -> Int { 8 }
  func draw(_ split: Split, index: Int, seed: UInt64, into pixels: inout MutableSpan<UInt8>) -> UInt8 {
    for pixel in 0..<(side * side) { pixels[pixel] = pixel / side >= 8 && pixel % side >= 8 ? 255 : 0 }
    return UInt8(index % 2)
  }
}

@Suite("Tables of paths") struct PathTableTests {
  @Test("a scene's pixels are listed row by row, with its label")
  func scenes() throws {
    let pixels = try Pixel.scenes(2, of: Squares())
    #expect(pixels.count == 2 * 144)
    #expect(pixels[144].scene == 2 && pixels[144].label == 1)
    #expect(pixels[8 * 12 + 8].row == 8 && pixels[8 * 12 + 8].column == 8 && pixels[8 * 12 + 8].value == 1)
    #expect(pixels[8 * 12 + 7].value == 0)
    #expect(try Table.scenes.text(of: [pixels[0]]) == "scene,label,row,column,value\n1,0,0,0,0.000\n")
  }

  @Test("patches stand scale by scale, answers class by class")
  func patchesAndAnswers() throws {
    let sensor = Retina(patchSide: 2, scales: 2)
    let glimpse = GlimpsePath.Glimpse(
      x: 0.5, y: -1, picture: [], outlines: sensor.outlines(at: [0.5, -1], frameSide: 12),
      probabilities: [0.25, 0.75])
    let look = Look(scene: 0, label: 1, number: 3, glimpse: glimpse, side: 12)
    #expect(
      try Table.patches.text(of: look.patches)
        == "scene,glimpse,scale,left,top,side\n1,3,1,8.00,-1.00,2.00\n1,3,2,7.00,-2.00,4.00\n")
    #expect(
      try Table.answers.text(of: look.answers)
        == "scene,glimpse,class,probability\n1,3,0,0.2500\n1,3,1,0.7500\n")
  }

  @Test("a glimpse's place is given in half-widths and in pixels, and its picture pixel by pixel")
  func glimpses() throws {
    let glimpse = GlimpsePath.Glimpse(
      x: 0.5, y: -1, picture: [0, 0.25, 0.5, 1], probabilities: [0.25, 0.75])
    let look = Look(scene: 2, label: 1, number: 4, glimpse: glimpse, side: 60)
    #expect(
      try Table.glimpses.text(of: [look]).hasSuffix("\n3,1,4,0.50000,-1.00000,45.000,0.000,1,0.7500\n"))
    #expect(try Table.crops.text(of: look.crop).hasSuffix("\n3,4,0,1,0.25\n3,4,1,0,0.50\n3,4,1,1,1.00\n"))
    // Column 45 of row 0 is on a digit at the right of the upper edge, and not on one at the left.
    let fixations = [DigitBox(x: 31, y: 0), DigitBox(x: 0, y: 31), nil].map {
      Fixation(condition: "ram", look: look, box: $0)
    }
    #expect(
      try Table.fixations.text(of: fixations).hasSuffix(
        "on_digit\nram,3,4,0.5000,-1.0000,1\nram,3,4,0.5000,-1.0000,0\nram,3,4,0.5000,-1.0000,\n"))
  }

  @Test("tables of no scenes, or of no places, are refused before anything is read or written")
  func noScenes() throws {
    let study = try Study(
      "tables", title: "Tables", question: "?",
      plans: [.smoke: Plan(seeds: 1, Recipe.training(epochs: 1, examplesPerEpoch: 64))],
      options: StudyOptions.parse(["--preset", "smoke", "--results", "/nowhere"]),
      script: "/nowhere/main.swift")
    let condition = try Condition(
      "ram", on: Squares(), Recipe.network(glimpses: 2, sensor: Retina(patchSide: 4, scales: 1)))
    func refused(_ setting: String, _ write: () throws -> Void) {
      #expect(#expect(throws: DefinitionError.self, performing: write)?.setting == setting)
    }
    refused("a table's number of scenes") { try study.writeScenes(of: Squares(), count: 0) }
    refused("a table's number of scenes") { try study.writePaths(of: condition, scenes: -1) }
    refused("a table's number of scenes") { try study.writeFixations(of: [condition], scenes: 0) }
    refused("a table's number of scenes") { try study.writeValueMaps(of: condition, side: 3, scenes: 0) }
    refused("a table's number of places on a side") {
      try study.writeValueMaps(of: condition, side: 0, scenes: 1)
    }
  }
}
