import Foundation
import Learning
import Testing

@testable import StudyKit

@Test("the processor's name and its instruction sets are read from /proc/cpuinfo")
func processorDescription() {
  let text = """
    processor\t: 0
    model name\t: AMD EPYC 9R14
    flags\t\t: fpu sse4_2 avx avx2 fma avx512f avx512_bf16 avx512fake

    processor\t: 1
    model name\t: another
    flags\t\t: fpu
    """
  let processor = RunOrigin.processor(text)
  #expect(processor.name == "AMD EPYC 9R14")
  #expect(processor.instructionSets == ["sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16"])
  #expect(RunOrigin.processor("Features\t: fp asimd sve").instructionSets == ["asimd", "sve"])
  #expect(RunOrigin.processor("").name == "unknown")
}

@Test("outside git the commit is unknown; inside, results do not count as changes and sources do")
func sourceState() throws {
  let folder = try TemporaryFolder()
  #expect(RunOrigin.source(of: "/nowhere").commit == "unknown")
  #expect(RunOrigin.source(of: folder.path).commit == "unknown")
  #expect(RunOrigin.source(of: folder.path).uncommittedChanges == nil)

  let identity = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
  try #require(Command.output(["git", "init", "-q"], in: folder.path) != nil)
  let commit = ["git"] + identity + ["commit", "-q", "--allow-empty", "-m", "first"]
  try #require(Command.output(commit, in: folder.path) != nil)
  #expect(RunOrigin.source(of: folder.path).commit.count == 40)
  #expect(RunOrigin.source(of: folder.path).uncommittedChanges == false)
  try AtomicFile.makeFolder(folder["Results/cluttered"])
  try AtomicFile.write("1\n", to: folder["Results/cluttered/runs.csv"])
  #expect(RunOrigin.source(of: folder.path).uncommittedChanges == false)
  try AtomicFile.write("let a = 1\n", to: folder["main.swift"])
  #expect(RunOrigin.source(of: folder.path).uncommittedChanges == true)
}

@Test("provenance is sorted JSON that reads back as it was, names of libraries untouched")
func provenanceFile() throws {
  let folder = try TemporaryFolder()
  let provenance = Provenance(
    study: "cluttered", preset: "smoke", commands: ["swift run study-cluttered"], threads: 2, jobs: 1,
    libraries: ["PyTorch_2": "2.5"], started: Date(timeIntervalSince1970: 1_700_000_000))
  try provenance.write(to: folder["provenance.json"])
  let text = try folder.text("provenance.json")
  #expect(text.contains("\"started\" : \"2023-11-14T22:13:20Z\""))
  #expect(text.contains("\"oneDNN\" : ") && text.contains("\"PyTorch_2\" : \"2.5\""))
  #expect(text.contains("\"operating_system\" : "))
  let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
  #expect(keys.count >= 10 && keys == keys.sorted())
  #expect(try Provenance(reading: folder["provenance.json"]) == provenance)
}

@Test("differences between two origins are named, with both values")
func origins() {
  let here = RunOrigin.current
  var elsewhere = here
  elsewhere.processor = "another"
  #expect(elsewhere.differences(from: here) == ["processor: recorded another, here \(here.processor)"])
  #expect(here.differences(from: here) == [])
}
