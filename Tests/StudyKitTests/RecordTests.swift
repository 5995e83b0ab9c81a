import Foundation
import Learning
import Testing

@testable import StudyKit

/// A study of the fake network in a folder, and what it is asked.
private struct Fake {
  let folder: TemporaryFolder
  var name = "fake"
  var network = FakeNetwork()
  var training = fakeTraining()

  init() throws { folder = try TemporaryFolder() }

  var place: String { folder["\(name)/smoke"] }

  func conditions() throws -> [Condition] {
    [
      try Condition("a", on: FakeWorld(), paper: 5, network),
      try Condition("b", on: FakeWorld(noise: 2), network) { $0.epochs = 1 },
      try Condition("plain", on: FakeWorld(), FakeNetwork(isStochastic: false, multiplyAdds: 1)),
    ]
  }

  func study(_ arguments: [String] = []) throws -> Study {
    let options = try StudyOptions.parse(["--preset", "smoke", "--results", folder.path] + arguments)
    return try Study(
      name, title: "Fake", question: "?", plans: [.smoke: Plan(seeds: 2, training)], options: options,
      script: "/main.swift")
  }

  @discardableResult
  func train(_ arguments: String...) throws -> Study {
    let study = try study(arguments)
    try study.train(conditions())
    return study
  }

  func bytes(_ name: String) throws -> [UInt8] { try folder.bytes("\(self.name)/smoke/" + name) }
  func records() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: place + "/runs").sorted()
  }

  func edit(_ name: String, _ old: String, _ new: String) throws {
    let path = place + "/runs/" + name
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old), "\(text)")
    let range = try #require(text.range(of: old))
    try text.replacingCharacters(in: range, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// As a clone has it.
  func removeCheckpoints() throws { try FileManager.default.removeItem(atPath: place + "/checkpoints") }
}

private func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return StudyOptions.message(for: error)
  }
}

@Suite("A finished run is a record") struct RecordTests {
  @Test("that reads back as it was, with snake_case names but for those of the configuration's authors")
  func roundTrip() throws {
    let fake = try Fake()
    let study = try fake.train("--only", "a")
    let records = study.records(of: try fake.conditions()[0])
    #expect(records.map(\.seed) == [1, 2] && records.allSatisfy(\.isFinished))
    let path = fake.place + "/runs/a-seed1.json"
    #expect(try RunRecord(reading: path) == records[0])
    let text = String(decoding: try fake.bytes("runs/a-seed1.json"), as: UTF8.self)
    for key in ["validation_error_percent", "weights_checksum", "instruction_sets", "examples_per_epoch"] {
      #expect(text.contains("\"\(key)\" : "))
    }
    #expect(records[1].weightsChecksum == nil)
    #expect(records[0].curve != records[1].curve, "the comparison itself can fail")
  }

  @Test("whose key a later setting with a default does not change, but another value of it does")
  func laterSetting() throws {
    var fake = try Fake()
    try fake.train("--only", "a")
    let key = try RunRecord(reading: fake.place + "/runs/a-seed1.json").key
    fake.network.start = 0
    #expect(try fake.study().run(fake.conditions()[0], seed: 1).configuration.key == key)
    try fake.train("--only", "a")
    fake.network.start = 1
    let said = sentence { try fake.train("--only", "a") }
    #expect(said.contains("/runs/a-seed1.json: this run has another configuration"))
    #expect(said.contains("network.start: recorded its default, asked 1") && said.contains("--results"))
    #expect(try RunRecord(reading: fake.place + "/runs/a-seed1.json").key == key)
  }

  @Test("that stays as it is when the run comes out digit for digit, and is replaced when a digit differs")
  func reproduced() throws {
    let fake = try Fake()
    try fake.train("--only", "a")
    let before = try fake.bytes("runs/a-seed1.json")
    try fake.removeCheckpoints()
    try fake.train("--only", "a")
    #expect(try fake.bytes("runs/a-seed1.json") == before)
    let records = try RecordedRuns(reading: fake.place)
    var other = try #require(records["a-seed1"])
    other.curve[1].gradientNorm += 1e-15
    other.origins[0].processor = "Another 9000"
    guard case .differing(let line) = try records.keep(other, weights: nil) else {
      Issue.record("a differing digit was not seen")
      return
    }
    #expect(line.hasPrefix("differs from the record: epoch 2: gradient_norm is "), "\(line)")
    #expect(line.contains("; processor: recorded ") && line.hasSuffix("here Another 9000"))
    #expect(try RunRecord(reading: fake.place + "/runs/a-seed1.json") == other)
  }

  @Test(
    "that keeps its weights when it comes out again without them, and loses them to another result without any"
  )
  func weightsOfItsOwn() throws {
    let fake = try Fake()
    try fake.train("--only", "a")
    let records = try RecordedRuns(reading: fake.place)
    let before = try fake.bytes("runs/a-seed1.json")
    var again = try #require(records["a-seed1"])
    again.weightsChecksum = nil
    #expect(try records.keep(again, weights: nil) == .same)
    #expect(try fake.bytes("runs/a-seed1.json") == before)
    (again.test, again.failure) = (nil, "the loss is not a finite number")
    guard case .differing = try records.keep(again, weights: nil) else {
      Issue.record("another outcome was not seen")
      return
    }
    #expect(!FileManager.default.fileExists(atPath: fake.place + "/weights/a-seed1.safetensors"))
  }

  @Test(
    "whose tables of an analysis are made again with other settings, stay if it fails, and go if it writes none"
  )
  func analysis() throws {
    struct Failure: Error {}
    let fake = try Fake()
    let table = Table<Int>("seen", "One row.", [.count("number", "A number.") { $0 }])
    var made: [Int] = []
    func analyse(_ number: Int, writes: Bool = true, fails: Bool = false) throws {
      let study = try fake.train("--only", "a")
      try study.analyse(table.description, of: [fake.conditions()[0]], settings: "\(number)") {
        made.append(number)
        if fails { throw Failure() }
        if writes { try study.write(table, [number]) }
      }
    }
    func text() throws -> String { String(decoding: try fake.bytes("seen.csv"), as: UTF8.self) }
    try analyse(1)
    try analyse(1)
    #expect(try made == [1] && text() == "number\n1\n")
    try analyse(2)
    #expect(try made == [1, 2] && text() == "number\n2\n")
    #expect(throws: Failure.self) { try analyse(3, fails: true) }
    #expect(try text() == "number\n2\n")
    try analyse(3, writes: false)
    #expect(!FileManager.default.fileExists(atPath: fake.place + "/seen.csv"))
  }

  @Test("that other seeds and conditions leave alone")
  func nothingIsDropped() throws {
    let fake = try Fake()
    try fake.train()
    try fake.train("--only", "a", "--seeds", "3")
    let study = try fake.train("--only", "plain", "--seeds", "1")
    #expect(try fake.records().count == 7)
    #expect(try fake.conditions().map { study.records(of: $0).count } == [3, 2, 2])
  }

  @Test("that runs with other data or another learning rate cannot join, in any condition")
  func noMixing() throws {
    let fake = try Fake()
    try fake.train("--only", "a")
    for arguments in [["--only", "plain"], ["--collect"], ["--list-runs"], ["--figures-only"]] {
      let said = sentence { try fake.study(["--learning-rate", "0.5"] + arguments).train(fake.conditions()) }
      #expect(said.contains("training.learning_rate: recorded 0.01, asked 0.5"), "\(arguments): \(said)")
    }
    #expect(try fake.records() == ["a-seed1.json", "a-seed2.json"])
  }

  @Test("that another study takes, under its own name and with its weights")
  func taken() throws {
    var fake = try Fake()
    try fake.train("--only", "a")
    let (record, weights) = (
      try fake.bytes("runs/a-seed1.json"), try fake.bytes("weights/a-seed1.safetensors")
    )
    fake.name = "other"
    let study = try fake.study()
    try study.train([try Condition("renamed", on: FakeWorld(), fake.network)])
    #expect(try fake.bytes("weights/renamed-seed1.safetensors") == weights)
    let text = String(decoding: record, as: UTF8.self).replacingOccurrences(of: "\"a\"", with: "\"renamed\"")
    #expect(String(decoding: try fake.bytes("runs/renamed-seed1.json"), as: UTF8.self) == text)
    #expect(try fake.folder.names().contains("other"))
    #expect(!FileManager.default.fileExists(atPath: fake.place + "/checkpoints/renamed-seed1.safetensors"))
  }

  @Test("that another study takes without the weights of a seed that it does not publish")
  func takenWithoutWeights() throws {
    var fake = try Fake()
    let a = try fake.conditions()[0]
    try fake.study().train([a], publishingEverySeedOf: [a])
    fake.name = "other"
    let study = try fake.study()
    try study.train([a])
    #expect(study.records(of: a).map { $0.weightsChecksum != nil } == [true, false])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fake.place + "/weights") == ["a-seed1.safetensors"])
  }

  @Test("whose weights cannot be read is an error, not a run without weights")
  func unreadableWeights() throws {
    let fake = try Fake()
    try fake.train("--only", "a", "--seeds", "1")
    let path = fake.place + "/weights/a-seed1.safetensors"
    try FileManager.default.removeItem(atPath: path)
    try AtomicFile.makeFolder(path)
    let said = sentence { try fake.study(["--retest"]).train(fake.conditions()) }
    #expect(said.contains("a-seed1.safetensors: cannot be read"), "\(said)")
  }

  @Test(
    "that is impossible, because a metric or schedule cannot be a column, is refused before training",
    arguments: [
      [Metric("Loss", "")], [Metric("loss-2", "")], [Metric("epoch", "")],
      [Metric("loss", ""), Metric("loss", "")], (1...9).map { Metric("metric_\($0)", "") },
    ])
  func columns(metrics: [Metric]) throws {
    var fake = try Fake()
    fake.network.metrics = metrics
    let said = sentence { try fake.train("--only", "a") }
    #expect(said.contains("schedule") && said.contains("metric"), "\(said)")
    #expect(!FileManager.default.fileExists(atPath: fake.place + "/runs"))
  }

  @Test("--missing lists and trains runs without one, the shortest first; otherwise the longest is first")
  func missing() throws {
    let fake = try Fake()
    try fake.train("--only", "b", "--seeds", "1")
    do {
      let study = try fake.train("--missing")
      let names = study.ordered(study.asked).map(\.identifier)
      #expect(names == ["plain-seed1", "plain-seed2", "b-seed2", "a-seed1", "a-seed2"])
      #expect(try fake.records().count == 6)
    }
    let all = try fake.train()
    #expect(all.ordered(all.asked).map(\.condition.name) == ["a", "a", "b", "b", "plain", "plain"])
  }

  @Test("with weights from every seed where asked for; one without them is missing, and is not taken over")
  func weightsOfEverySeed() throws {
    var fake = try Fake()
    try fake.train("--only", "a", "--seeds", "2")
    let (old, a) = (try fake.bytes("runs/a-seed2.json"), try fake.conditions()[0])
    func train(_ arguments: String...) throws -> Study {
      let study = try fake.study(arguments)
      try study.train([a], publishingEverySeedOf: [a])
      return study
    }
    // With a checkpoint that has everything, and without one.
    for _ in 1...2 {
      #expect(try train("--missing").asked.map(\.identifier) == ["a-seed2"])
      #expect(try train("--missing").asked.isEmpty)
      #expect(try fake.study().learner(of: a, seed: 2) != nil)
      #expect(try fake.bytes("runs/a-seed2.json") != old)
      try Data(old).write(to: URL(fileURLWithPath: fake.place + "/runs/a-seed2.json"))
      try fake.removeCheckpoints()
    }
    fake.name = "other"
    _ = try train()
    // The first seed's run was taken over, the second one's was trained.
    #expect(try FileManager.default.contentsOfDirectory(atPath: fake.place + "/weights").count == 2)
    let checkpoints = try FileManager.default.contentsOfDirectory(atPath: fake.place + "/checkpoints")
    #expect(Set(checkpoints.map { $0.prefix(7) }) == ["a-seed2"])
  }

  @Test(
    "that is refused in one sentence when it was edited by hand",
    arguments: [
      ("\"seed\" : 1,\n    \"training\"", "\"seed\" : 7,\n    \"training\"", "its key is "),
      ("\"condition\" : \"a\"", "\"condition\" : \"b\"", "it says that it is b-seed1"),
      ("\"examples\" : 640", "\"examples\" : -0.5", "a number in it is impossible"),
      ("\"batch_size\" : 32", "\"batch_size\" : 0", "its key is "),
      (
        "\"examples\" : 640", "\"examples\" : -9223372036854775808",
        "a number of examples in it is impossible"
      ),
      ("\"parameters\"", "\"parametres\"", "'parameters' is missing"),
      ("\"parameters\" : ", "\"parameters\" : -1", "a number of parameters or seconds in it is impossible"),
      ("\"seconds\" : [", "\"seconds\" : [0, ", "it has the times of 3 epochs, and 2 epochs"),
      ("\"cross_entropy\" : ", "\"epoch\" : ", "it measures 'epoch', which cannot be a column of curves.csv"),
      (
        "\"gradient_norm\" : ", "\"gradient_norm\" : -1", "a learning rate or gradient norm in it is negative"
      ),
      ("\"epoch\" : 1", "\"epoch\" : 3", "its epochs are not 1, 2, 3 and so on"),
      ("\"error_percent\" : ", "\"error_percent\" : 900", "is not a percentage"),
      ("\"examples\" : 400", "\"examples\" : 40", "it has 40 test_examples, and its configuration 400"),
      ("\"test\"", "\"tset\"", "it has neither a test nor a failure"), ("{", "[", "it is not JSON"),
    ])
  func edited(old: String, new: String, reason: String) throws {
    let fake = try Fake()
    try fake.train("--only", "a", "--seeds", "1")
    try fake.edit("a-seed1.json", old, new)
    for arguments in [["--figures-only"], ["--verify", fake.place], ["--retest"]] {
      let said = sentence { try fake.study(arguments).train(fake.conditions()) }
      #expect(said.contains("runs/a-seed1.json: was changed") && said.contains("git restore"), "\(said)")
      #expect(said.contains(reason), "\(said)")
      #expect(!said.contains("\n"))
    }
  }

  @Test("that --verify trains again and compares, digit by digit")
  func verified() throws {
    let fake = try Fake()
    try fake.train()
    try fake.removeCheckpoints()
    func verify(_ place: String, _ arguments: String...) throws {
      try fake.study(["--verify", place] + arguments).train(fake.conditions())
    }
    #expect(throws: Study.Finished.self) { try verify(fake.place) }
    #expect(throws: Study.Finished.self) { try verify(fake.folder["fake/"], "--only", "b") }
    try fake.edit("plain-seed1.json", "\"error_percent\" : 1", "\"error_percent\" : 2")
    #expect(sentence { try verify(fake.place) }.contains("NOT VERIFIED: plain seed 1 of \(fake.place)"))
    #expect(sentence { try verify(fake.folder["nowhere"]) }.contains("holds no records to verify"))
  }

  @Test("that --retest compares with its weights, which alone make the learner again")
  func retested() throws {
    let fake = try Fake()
    try fake.train()
    try fake.removeCheckpoints()
    let study = try fake.study()
    #expect(try study.learner(of: fake.conditions()[0]) != nil)
    #expect(try study.learner(of: fake.conditions()[0], seed: 2) == nil)
    #expect(try study.learner(of: fake.conditions()[2]) == nil)
    #expect(throws: Study.Finished.self) { try fake.train("--retest") }
    try fake.edit("b-seed1.json", "\"sampled_error_percent\" : 3", "\"sampled_error_percent\" : 4")
    #expect(sentence { try fake.train("--retest") }.contains("1 of 2 tests gave different results: b seed 1"))
    let path = fake.place + "/weights/a-seed1.safetensors"
    try Data([0] + fake.bytes("weights/a-seed1.safetensors").dropFirst()).write(
      to: URL(fileURLWithPath: path))
    #expect(
      sentence { try fake.train("--retest") }.contains("\(path): these are not the weights of its record"))
  }

  @Test("also when its very last step breaks it: as diverged, not as an error")
  func brokenByTheLastStep() throws {
    var fake = try Fake()
    fake.training = fakeTraining {
      ($0.epochs, $0.examplesPerEpoch, $0.learningRate, $0.clippingNorm) = (1, 32, .constant(3e38), nil)
    }
    let study = try fake.train("--only", "a")
    let record = study.records(of: try fake.conditions()[0])[0]
    #expect(record.test == nil && record.failure?.contains("not a finite number") == true, "\(record)")
    #expect(try study.learner(of: fake.conditions()[0]) == nil)
    #expect(record.weightsChecksum == nil)
  }

  @Test("a folder without provenance gets one when its report is written; one that is there is not touched")
  func provenance() throws {
    let fake = try Fake()
    try fake.train("--only", "a")
    try FileManager.default.removeItem(atPath: fake.place + "/provenance.json")
    try fake.train("--figures-only")
    let written = try fake.bytes("provenance.json")
    let provenance = try Provenance(reading: fake.place + "/provenance.json")
    #expect(provenance.commands == ["swift run study-fake --preset smoke --only a"])
    try fake.train("--figures-only")
    #expect(try fake.bytes("provenance.json") == written)
  }
}

@Suite("A study's definition") struct DefinitionTests {
  @Test(
    "with a name that no file can have, or that two conditions have, is refused",
    arguments: ["a/b", "", "A", "-a"])
  func names(name: String) throws {
    #expect(sentence { _ = try Condition(name, on: FakeWorld(), FakeNetwork()) }.contains("'\(name)'"))
    let fake = try Fake()
    let twice = [
      try Condition("a", on: FakeWorld(), FakeNetwork()), try Condition("a", on: FakeWorld(), FakeNetwork()),
    ]
    #expect(sentence { try fake.study().train(twice) }.contains("'a': another condition of the study has it"))
  }

  @Test("is addressed by the names of its conditions; a wrong name is refused with the right ones")
  func named() throws {
    let conditions = try ["a", "b"].map { try Condition($0, on: FakeWorld(), FakeNetwork()) }
    #expect(try conditions.named("b").name == "b")
    let refusal = sentence { _ = try conditions.named("c") }
    #expect(refusal.contains("'c': no condition has it; choose among a, b"))
  }

  @Test("with an impossible setting is refused before anything is written")
  func settings() throws {
    var fake = try Fake()
    fake.training.batchSize = 0
    #expect(sentence { try fake.train() }.contains("batch size"))
    #expect(try fake.folder.names() == [])
  }

  @Test(
    "that trains nothing refuses options of training",
    arguments: [
      ["--only", "a"], ["--seeds", "2"], ["--live"], ["--missing"], ["--list-runs"],
      ["--verify", "fake/smoke"],
    ])
  func nothingToTrain(arguments: [String]) throws {
    let fake = try Fake()
    try AtomicFile.makeFolder(fake.place + "/runs")
    let arguments = arguments.map { $0.hasPrefix("fake") ? fake.place : $0 }
    #expect(
      sentence { try fake.study(arguments).trainNothing() }.contains(
        "trains nothing, so \(arguments[0]) means nothing"))
  }

  @Test("that trains nothing draws only where it has been before")
  func nothingToDraw() throws {
    let fake = try Fake()
    #expect(
      sentence { try fake.study(["--figures-only"]).trainNothing() }.contains("has no tables to draw from"))
  }

  @Test("that trains nothing takes what 'reproduce' passes on to every study")
  func nothingToTrainAmongStudies() throws {
    let fake = try Fake()
    try fake.study(["--seeds", "5", "--only", "a", "--among-studies"]).trainNothing()
  }
}
