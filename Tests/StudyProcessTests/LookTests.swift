import Foundation
import HostileInput
import Learning
import StudyKit
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

    /// A folder with some of the runs of cluttered digits, and their weights.
    private func withRuns(_ names: String...) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      for (part, ending) in [("runs", "json"), ("weights", "safetensors")] {
        try AtomicFile.makeFolder(folder["R/cluttered/paper/" + part])
        for name in names {
          let file = "cluttered/paper/\(part)/\(name).\(ending)"
          try FileManager.default.copyItem(atPath: Self.results + "/" + file, toPath: folder["R/" + file])
        }
      }
      return folder
    }

    /// Looks with the best weights of such a folder.
    private func lookByBest(in folder: TemporaryFolder) throws -> Outcome {
      try StudyProcess(
        ["--scene", "3", "--grid", "4", "--results", folder["R"], "--output", folder["out"]], of: "look",
        in: folder.path
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

    @Test("a model with a stop action says after which glimpse it would answer")
    func stopAction() throws {
      let folder = try TemporaryFolder()
      let weights = Self.results + "/stop/quick/weights/price-10-seed1.safetensors"
      let outcome = try look(["--scene", "2", "--grid", "4", "--weights", weights], in: folder)
      #expect(
        outcome.output.contains("By its stop action, it would answer 2 after glimpse "), "\(outcome.output)")
    }

    @Test("a picture of a scene's size is not scaled, and --invert is proposed where most of it is bright")
    func scale() throws {
      let folder = try TemporaryFolder()
      let rows = (0..<60).map { row in
        (0..<60).map { (10..<50).contains(row) && (27..<33).contains($0) ? UInt8(255) : 0 }
      }
      try AtomicFile.write(png(width: 60, height: 60, rows: rows), to: folder["dark.png"])
      try AtomicFile.write(
        png(width: 60, height: 60, rows: rows.map { $0.map { 255 - $0 } }), to: folder["bright.png"])
      for (arguments, proposes) in [
        (["dark.png"], false), (["bright.png"], true), (["bright.png", "--invert"], false),
      ] {
        let outcome = try look(arguments + ["--grid", "2"], in: folder)
        #expect(outcome.output.contains("not scaled; the model was trained on scenes of 60x60"))
        #expect(outcome.output.contains("--invert swaps the two") == proposes, "\(arguments)")
      }
    }

    @Test("the best weights are of the smallest scenes: errors of different tasks cannot be compared")
    func bestOfTask() throws {
      let folder = try withRuns("ram-8-random-seed1", "ram-4-100-seed1")  // 14.0 % at 60x60, 2.9 % at 100x100
      let outcome = try lookByBest(in: folder)
      #expect(outcome.output.contains("ram-8-random-seed1.safetensors, the lowest"), "\(outcome.errors)")
    }

    @Test("the best weights have the lowest validation error, and must be those of their record")
    func bestWeights() throws {
      let folder = try withRuns("ram-6-seed1", "ram-8-seed1")
      func validation(_ name: String) throws -> Double {
        let record = try RunRecord(reading: folder["R/cluttered/paper/runs/\(name).json"])
        return try #require(record.curve.last?.validationErrorPercent)
      }
      // Eight glimpses have the lower test error, six the lower validation error.
      #expect(try validation("ram-6-seed1") < validation("ram-8-seed1"))
      #expect(
        try lookByBest(in: folder).output.contains("ram-6-seed1.safetensors, the lowest validation error"))
      let weights = folder["R/cluttered/paper/weights/ram-6-seed1.safetensors"]
      try FileManager.default.removeItem(atPath: weights)
      try FileManager.default.copyItem(
        atPath: Self.results + "/cluttered/quick/weights/ram-4-seed1.safetensors", toPath: weights)
      let outcome = try lookByBest(in: folder)
      #expect(outcome.status == 1 && outcome.errors.contains("not the weights of its record"))
    }

    @Test("a scene has its label, and any committed weights will do")
    func scene() throws {
      let folder = try TemporaryFolder()
      for weights in [
        "centered/paper/weights/ram-3", "translated/quick/weights/ram-4",
        "cluttered/quick/weights/ram-8-random", "context/quick/weights/both-8",
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

    @Test("scenes that are drawn at random go on after the last digit, with the same digits at other places")
    func laterScenes() throws {
      let folder = try TemporaryFolder()
      for scene in ["1", "10001"] {
        let outcome = try look(
          [
            "--scene", scene, "--grid", "2", "--weights",
            Self.results + "/translated/quick/weights/ram-4-seed1.safetensors",
          ],
          in: folder)
        #expect(outcome.output.contains("Test scene \(scene) "), "\(outcome.output)\(outcome.errors)")
      }
      let (first, later) = (try Self.ink(folder, "scene-1"), try Self.ink(folder, "scene-10001"))
      #expect(first.values.sorted() == later.values.sorted() && first != later)
    }

    /// The pixels of a scene that are not black.
    private static func ink(_ folder: TemporaryFolder, _ scene: String) throws -> [Substring: Substring] {
      let rows = try folder.text("Looks/\(scene)/scenes.csv").split(separator: "\n").map {
        $0.split(separator: ",")
      }
      let value = try #require(rows.first?.firstIndex(of: "value"))
      let pixels = rows.dropFirst().map {
        (place: "\($0[value - 2]) \($0[value - 1])"[...], value: $0[value])
      }
      return Dictionary(uniqueKeysWithValues: pixels.filter { Double($0.value) ?? 0 > 0 })
    }

    @Test("the best place is never worse than the chosen one, though a coarse grid misses it")
    func bestPlace() throws {
      let folder = try TemporaryFolder()
      let outcome = try look(["--scene", "17", "--grid", "2"], in: folder)
      let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
        .filter { $0.count == 7 && Int($0[0]) != nil }
      #expect(rows.count >= 4, "\(outcome.output)")
      for row in rows {
        #expect(try #require(Double(row[6])) >= #require(Double(row[5])), "\(row)")
      }
      // Or the test would show nothing: somewhere the grid alone is worse.
      let chosen = rows.compactMap { Double($0[5]) }
      let places = try folder.text("Looks/scene-17/values.csv").split(separator: "\n").dropFirst()
        .map { $0.split(separator: ",") }
      let onGrid = (1...rows.count).map { glimpse in
        places.filter { $0[1] == "\(glimpse)" }.compactMap { $0.last.flatMap { Double($0) } }.max() ?? 0
      }
      #expect(zip(chosen, onGrid).contains { $0 > $1 + 0.001 }, "\(chosen) \(onGrid)")
    }

    @Test("weights that cannot look at a picture: what they are of, and which to take")
    func unsuitableWeights() throws {
      let folder = try TemporaryFolder()
      try AtomicFile.write(Self.drawing, to: folder["my.png"])
      let oracle = Self.results + "/bounds/quick/weights/oracle-seed1.safetensors"
      let game = Self.results + "/catch/quick/weights/learned-seed1.safetensors"
      // The same weights, which say that they are of something else.
      for (word, other) in [
        ("oracle", "spiral"), ("recurrent_attention", "fully_connected"), ("cluttered_digits", "two_digits"),
      ] {
        var file = try Checkpoint(reading: oracle)
        file.metadata["configuration"]?.replace("\"\(word)\"", with: "\"\(other)\"")
        try file.write(to: folder["\(other).safetensors"])
      }
      for (weights, says) in [
        (oracle, "told where the digit is"),
        (Self.results + "/bounds/quick/weights/lattice-seed1.safetensors", "the same places"),
        (game, "plays Catch"),
        (folder["spiral.safetensors"], "'spiral'"),
        (folder["fully_connected.safetensors"], "takes no glimpses"),
        (folder["two_digits.safetensors"], "trained on 'two_digits'"),
      ] {
        for subject in [["my.png"], ["--scene", "1"]] {
          let outcome = try look(subject + ["--weights", weights], in: folder)
          #expect(outcome.status == 1 && outcome.sentences.count == 1, "\(outcome.errors)")
          #expect(
            outcome.errors.contains(says) && outcome.errors.contains("take weights"), "\(outcome.errors)")
        }
      }
    }

    @Test("each mistake is one sentence, and the status is not 0")
    func mistakes() throws {
      let folder = try TemporaryFolder()
      try AtomicFile.write(Self.drawing, to: folder["my.png"])
      try AtomicFile.write(Array(Self.drawing.dropLast(30)), to: folder["cut.png"])
      try AtomicFile.write("hello", to: folder["text.png"])
      try AtomicFile.write(png(width: 1 << 20, height: 1 << 20, rows: [[0]]), to: folder["large.png"])
      for (name, level) in [("black", UInt8(0)), ("white", 255), ("faint", 20)] {
        let rows = (0..<30).map { row in
          (0..<40).map { level == 20 && row == $0 ? 20 : level == 20 ? 0 : level }
        }
        try AtomicFile.write(png(width: 40, height: 30, rows: rows), to: folder[name + ".png"])
      }
      for place in ["mine", "study/runs"] { try AtomicFile.makeFolder(folder[place]) }
      try AtomicFile.write(Self.drawing, to: folder["mine/look.png"])
      let centered = Self.results + "/centered/quick/weights/ram-3-seed1.safetensors"
      for (arguments, says) in [
        (["cut.png"], "this PNG is damaged"), (["text.png"], "neither a PNG nor a PGM"),
        (["large.png"], "1048576x1048576"), (["nothing.png"], "no such file"), (["/"], "a folder"),
        (["my.png", "--weights", "text.png"], "not a complete file of weights"),
        (["black.png"], "nothing is drawn"), (["black.png", "--fit", "none"], "nothing is drawn"),
        (["white.png"], "nothing is drawn"), (["white.png", "--invert"], "nothing is drawn"),
        (["faint.png"], "nothing is drawn"), (["my.png", "--label", "10"], "10 classes"),
        (["--scene", "10001", "--weights", centered], "numbered 1 to 10000"),
        (["mine/look.png", "--output", "mine"], "would be replaced"),
        (["my.png", "--output", "study"], "holds the results of a study"),
      ] {
        let outcome = try look(arguments, in: folder)
        #expect(outcome.status == 1 && !outcome.isCrash, "\(arguments): \(outcome.errors)")
        #expect(
          outcome.sentences.count == 1 && outcome.errors.contains(says), "\(arguments): \(outcome.errors)")
      }
      for arguments in [
        [], ["my.png", "--scene", "1"], ["--scene", "0"], ["my.png", "--grid", "1"],
        ["--scene", "1", "--invert"], ["my.png", "--output=~/looks"],
      ] {
        #expect(try look(arguments, in: folder).status == 64, "\(arguments)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder["Looks"]))
    }
  }
}
