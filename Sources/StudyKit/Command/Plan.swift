import Learning

/// What a preset means for one study: how many seeds, and how long each run trains.
public struct Plan: Sendable {
  public var seeds: Int
  public var training: TrainingSettings
  /// Conditions that are trained only when `--only` names them, to keep the preset short.
  public var leavesOut: Set<String>

  public init(seeds: Int, _ training: TrainingSettings, leavesOut: Set<String> = []) {
    self.seeds = seeds
    self.training = training
    self.leavesOut = leavesOut
  }
}
