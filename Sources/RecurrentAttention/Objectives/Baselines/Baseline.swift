import Learning

/// b_t, the expected return, from anything except the actions that it judges (equation 2).
public protocol Baseline: Sendable {
  /// Its kind and settings, which identify recorded runs: names, values and defaults must stay as they are.
  var configuration: Configuration { get }
  /// - Throws: `DefinitionError` when it does not fit the world or the number of episodes.
  func check(episodes: Int, on world: any World) throws
  /// How many numbers are read from a state, as Linear(h_t), and fitted to the return by squared error; 0 for none.
  func columns(on world: any World) -> Int
  /// Which of them is b_t for an example with this label.
  func column(label: Int) -> Int
  /// Whether it needs the returns of a run at the policy's mean.
  var needsMeanRun: Bool { get }
  /// b of a row where nothing is read from a state, as for a learned first location, before which there is no state.
  func expectation(of row: Int, _ returns: Returns) -> Float
  /// Where it differs from the paper's, a sentence that says how.
  var openChoice: String? { get }
}

extension Baseline {
  public func check(episodes: Int, on world: any World) throws {}
  public func columns(on world: any World) -> Int { 0 }
  public func column(label: Int) -> Int { 0 }
  public var needsMeanRun: Bool { false }
  public func expectation(of row: Int, _ returns: Returns) -> Float { returns.average }
  public var openChoice: String? { nil }
}

/// The returns of a batch's rows, and the mean return of recent batches.
public struct Returns {
  /// [B].
  public let values: UnsafeMutablePointer<Float>
  /// M: row r is episode r % M of its example.
  public let episodes: Int
  public let average: Float
  /// [B], for baselines that need them.
  public let atMean: UnsafeMutablePointer<Float>?
}
