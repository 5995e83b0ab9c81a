import Foundation
import HostileInput
import Learning
import Testing

extension StudyProcessTests {
  @Suite("swift run look") struct LookTests {
    private static let results = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Results")
      .standardized.path

    /// A white bar on black, as somebody draws it.
    private static let drawing = png(
      width: 200, height: 150,
      rows: (0..<150).map { row in
        (0..<200).map { (20..<130).contains(row) && (90..<106).contains($0) ? 255 : 0 }
      })

    private func look(_ arguments: [String], in folder: TemporaryFolder, drawing: Bool = false) throws
      -> Outcome
    {
      try StudyProcess(
        arguments + ["--results", Self.results], of: "look", drawing: drawing, in: folder.path
      ).wait()
    }

    @Test("a drawing is looked at, with its figures and numbers in a folder of its own")
    func drawing() throws {
      let folder = try TemporaryFolder()
      try AtomicFile.write(Self.drawing, to: folder["my.png"])
      let outcome = try look(["my.png", "--grid", "8"], in: folder, drawing: true)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("16x110") && outcome.output.contains("ram-"), "\(outcome.output)")
      for file in [
        "look.png", "look.svg", "look.gif", "scenes.csv", "glimpses.csv", "values.csv", "answers.csv",
      ] {
        #expect(FileManager.default.fileExists(atPath: folder["Looks/my/\(file)"]), "\(file)")
      }
      // One, whichever the glimpse; nobody said what is right.
      let last = try folder.text("Looks/my/glimpses.csv").split(separator: "\n").last?.split(
        separator: ",", omittingEmptySubsequences: false)
      #expect(last?[1] == "" && last?[7] == "1")
    }

    @Test("a scene has its label, and any committed weights will do")
    func scene() throws {
      let folder = try TemporaryFolder()
      for weights in [
        "centered/paper/weights/ram-3", "translated/quick/weights/ram-4",
        "cluttered/quick/weights/ram-8-random",
      ] {
        let file = "\(Self.results)/\(weights)-seed1.safetensors"
        let outcome = try look(
          ["--scene", "17", "--grid", "4", "--weights", file, "--output", folder["out"]], in: folder,
          drawing: true)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let row = try folder.text("out/glimpses.csv").split(separator: "\n")[1].split(separator: ",")
        #expect(row[0] == "17" && Int(row[1]) != nil)
      }
    }

    @Test("each mistake is one sentence, and the status is not 0")
    func mistakes() throws {
      let folder = try TemporaryFolder()
      try AtomicFile.write(Self.drawing, to: folder["my.png"])
      try AtomicFile.write(Array(Self.drawing.dropLast(30)), to: folder["cut.png"])
      try AtomicFile.write("hello", to: folder["text.png"])
      try AtomicFile.write(png(width: 1 << 20, height: 1 << 20, rows: [[0]]), to: folder["large.png"])
      let game = Self.results + "/catch/quick/weights/learned-seed1.safetensors"
      for (arguments, says) in [
        (["cut.png"], "this PNG is damaged"), (["text.png"], "neither a PNG nor a PGM"),
        (["large.png"], "1048576x1048576"), (["nothing.png"], "no such file"), (["/"], "a folder"),
        (["my.png", "--weights", "text.png"], "no whole file of weights"),
        (["my.png", "--weights", game], "a player"),
        (["my.png", "--label", "10"], "10 classes"), (["--scene", "10001"], "10000"),
      ] {
        let outcome = try look(arguments, in: folder)
        #expect(outcome.status == 1 && !outcome.isCrash, "\(arguments): \(outcome.errors)")
        #expect(
          outcome.sentences.count == 1 && outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
      }
      for arguments in [
        [], ["my.png", "--scene", "1"], ["--scene", "0"], ["my.png", "--grid", "1"],
        ["--scene", "1", "--invert"],
      ] {
        #expect(try look(arguments, in: folder).status == 64, "\(arguments)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder["Looks"]))
    }
  }
}
