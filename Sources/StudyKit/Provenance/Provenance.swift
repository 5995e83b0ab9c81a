import Foundation
import Learning

/// What wrote the tables of a folder, and on which machine: `provenance.json`. What trained a run is in its record.
public struct Provenance: Codable, Equatable, Sendable {
  public var study: String
  public var preset: String
  /// The commands that added runs here, oldest first, each once.
  public var commands: [String]
  /// Threads of the last command, for all runs together.
  public var threads: Int
  /// Runs at the same time.
  public var jobs: Int
  public var origin: RunOrigin
  public var gnuplot: String?
  public var cores: Int
  public var operatingSystem: String
  /// ISO 8601, UTC.
  public var started: String
  /// From then until this file was written.
  public var seconds: Double

  /// Asks git, gnuplot and the processor; the rest is given.
  ///
  /// - Parameter libraries: in addition to those that every run has.
  public init(
    study: String, preset: String, commands: [String], threads: Int, jobs: Int,
    libraries: [String: String] = [:], started: Date
  ) {
    self.study = study
    self.preset = preset
    self.commands = commands
    self.threads = threads
    self.jobs = jobs
    origin = .current
    origin.libraries.merge(libraries) { $1 }
    gnuplot = Gnuplot.version()
    cores = ProcessInfo.processInfo.activeProcessorCount
    operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    self.started = started.formatted(.iso8601)
    seconds = Date().timeIntervalSince(started)
  }

  public init(reading path: String) throws { self = try RecordFile.read(Provenance.self, from: path) }

  public func write(to path: String) throws { try AtomicFile.write(RecordFile.text(of: self), to: path) }
}
