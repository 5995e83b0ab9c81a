import Autodiff
import Foundation
import Learning
import Testing

@testable import StudyKit

private func refusal(_ arguments: [String]) -> String? {
  do {
    _ = try StudyOptions.parse(arguments)
    return nil
  } catch {
    return StudyOptions.message(for: error)
  }
}

@Test("without options a study is quick, with three seeds, on every core, in Results")
func defaults() throws {
  let options = try StudyOptions.parse([])
  #expect(options.preset == .quick)
  #expect(options.seeds == nil)
  #expect(options.threadCount >= 1)
  #expect(options.results == "Results")
  #expect(options.mnist == nil)
  #expect(!options.fresh && !options.list && !options.figuresOnly && !options.live)
}

@Test("each option arrives")
func everyOption() throws {
  let options = try StudyOptions.parse([
    "--preset", "paper", "--seeds", "7", "--jobs", "3", "--threads", "4", "--only", "b,a", "--results", "R",
    "--mnist", "M", "--fresh", "--missing",
  ])
  #expect(options.preset == .paper)
  #expect(options.seeds == 7)
  #expect(options.threadCount == 4)
  #expect(options.jobCount(runs: 10) == 3)
  #expect(options.jobCount(runs: 2) == 2)
  #expect(try options.selected(from: ["a", "b", "c"]) == ["a", "b"])
  #expect(options.results == "R")
  #expect(options.mnist == "M")
  #expect(options.fresh && options.missing)
  #expect(try StudyOptions.parse(["--figures-only"]).figuresOnly)
  #expect(try StudyOptions.parse(["--live"]).live)
}

@Test(
  "counts that nothing could run with are refused with the value",
  arguments: [("seeds", 1_000), ("jobs", 1_024), ("threads", 1_024)])
func impossibleCounts(name: String, most: Int) throws {
  for value in [0, -3, most + 1, .max] {
    #expect(refusal(["--" + name, "\(value)"]) == "--\(name) must be 1 to \(most), not \(value).")
  }
  #expect(try StudyOptions.parse(["--" + name, "\(most)"]).preset == .quick)
}

@Test("--only counts every time it is given")
func onlyTwice() throws {
  let options = try StudyOptions.parse(["--only", "b", "--only", "c,a"])
  #expect(options.only == "b,c,a")
  #expect(try options.selected(from: ["a", "b", "c", "d"]) == ["a", "b", "c"])
  #expect(try StudyOptions.parse([]).only == nil)
}

@Test("more jobs than threads are refused when both are given; else there are as many jobs as threads")
func moreJobsThanThreads() throws {
  #expect(
    refusal(["--jobs", "2", "--threads", "1"])
      == "--jobs 2 needs at least 2 threads; --threads 1 is the number for all runs together.")
  #expect(try StudyOptions.parse(["--jobs", "2", "--threads", "2"]).jobCount(runs: 9) == 2)
  let many = try StudyOptions.parse(["--jobs", "1024"])
  #expect(many.jobCount(runs: 2_000) == min(1_024, many.threadCount))
}

@Test("an unknown preset is refused with those that there are")
func unknownPreset() throws {
  let text = try #require(refusal(["--preset", "huge"]))
  for word in ["huge", "smoke", "quick", "paper"] { #expect(text.contains(word)) }
}

@Test("empty lists are refused")
func emptyLists() {
  #expect(refusal(["--only", ","]) != nil)
  #expect(refusal(["--results", ""]) != nil)
  #expect(refusal(["--results", "~/out"])?.contains("not your home folder") == true)
}

@Test(
  "contradictions are refused, and so are options that mean nothing there",
  arguments: [
    (["--fresh", "--figures-only"], "applies only to training"),
    (["--train", "a-seed1", "--collect"], "give one of them"),
    (["--list-runs", "--figures-only"], "give one of them"),
    (["--collect", "--fresh"], "applies only to training"),
    (["--verify", "R", "--fresh"], "applies only to training"),
    (["--verify", "R", "--seeds", "2"], "uses recorded ones"),
    (["--retest", "--seeds", "2"], "uses recorded ones"),
    (["--figures-only", "--live"], "works only while training"),
    (["--retest", "--missing"], "applies to training and to lists of runs"),
  ])
func contradictions(arguments: [String], reason: String) throws {
  #expect(try #require(refusal(arguments)).contains(reason))
}

@Test("an unknown condition is refused with those that there are")
func unknownCondition() throws {
  let options = try StudyOptions.parse(["--only", "ram-9"])
  #expect {
    try options.selected(from: ["ram-6", "ram-8"])
  } throws: {
    "\($0)".contains("'ram-9'") && "\($0)".contains("ram-6, ram-8")
  }
}

@Test("help has an entry for each option, in order, and names the study")
func helpText() {
  StudyOptions.name(study: "cluttered", abstract: "Does attention ignore clutter?")
  let help = StudyOptions.helpMessage(columns: 80)
  #expect(help.contains("Does attention ignore clutter?"))
  #expect(help.contains("USAGE: study-cluttered "))
  let options = [
    "preset", "seeds", "jobs", "threads", "only", "missing", "list", "columns", "results", "mnist",
    "learning-rate",
    "bfloat16",
    "verify", "retest", "fresh", "figures-only", "live", "list-runs", "train", "collect",
  ]
  let lines = help.components(separatedBy: "OPTIONS:\n").last?.split(separator: "\n") ?? []
  let entries = lines.filter { $0.hasPrefix("  --") }
  #expect(entries.count == options.count)
  for (option, line) in zip(options, entries) { #expect(line.hasPrefix("  --\(option) ")) }
}

@Test("the command line has the last word on how a condition is trained")
func override() throws {
  var condition = try Condition("a", on: FakeWorld(), FakeNetwork()) {
    ($0.learningRate, $0.epochs) = (.constant(0.5), 7)
  }
  condition.override = try StudyOptions.parse(["--learning-rate", "0.25", "--results", "R"]).override
  let training = condition.training(fakeTraining())
  #expect(
    training.learningRate.value(at: Learning.Progress(fraction: 0, epoch: 0)) == 0.25 && training.epochs == 7)
}

@Test("a run can be trained, listed or collected among those that are missing, as a cluster's tasks are")
func missingRuns() throws {
  for command in [["--train", "a-seed1"], ["--list-runs"], ["--collect"]] {
    #expect(try StudyOptions.parse(["--missing"] + command).missing)
  }
}

@Test("what makes other runs stays out of the results, however their folder is written")
func elsewhere() throws {
  #expect(try StudyOptions.parse(["--learning-rate", "0.01", "--results", "R"]).learningRate == 0.01)
  for results in [[], ["--results", "./Results"], ["--results", "../\(folderName)/Results/"]] {
    #expect(refusal(["--learning-rate", "0.01"] + results)?.contains("name another folder") == true)
    #expect(refusal(["--mnist", "M"] + results)?.contains("name another folder") == true)
  }
  for wrong in ["0", "-1", "inf", "nan"] {
    #expect(
      refusal(["--learning-rate", wrong, "--results", "R"])?.contains("must be a number above 0") == true)
  }
}

private var folderName: String {
  (FileManager.default.currentDirectoryPath as NSString).lastPathComponent
}

@Test("an experiment in bfloat16 stays out of Results, and is refused where the processor has no bfloat16")
func bfloat16() throws {
  if let obstacle = ProductPrecision.bfloat16.obstacle {
    #expect(refusal(["--bfloat16", "--results", "R"])?.contains(obstacle) == true)
  } else {
    #expect(try StudyOptions.parse(["--bfloat16", "--results", "R"]).bfloat16)
    #expect(refusal(["--bfloat16"])?.contains("name another folder") == true)
  }
}
