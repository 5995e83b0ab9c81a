import NumericCore

/// Everything that makes one recurrent attention model differ from another. The paper's values, or what it
/// leaves open with one default each.
public struct AttentionSettings: Sendable, Codable, Equatable {
  public enum Core: String, Sendable, Codable { case rectifier, lstm }
  public enum RecurrentStart: String, Sendable, Codable { case identity, random }
  public enum FirstGlimpse: String, Sendable, Codable { case center, uniform, learned }
  public enum Policy: String, Sendable, Codable {
    /// Trained with REINFORCE.
    case learned
    /// Every glimpse uniform over the image: the paper's baseline "random glimpses".
    case random
    /// Every glimpse at the image's centre.
    case center
  }
  /// Where the gradients of the location and baseline heads may go.
  public enum HeadGradient: String, Sendable, Codable { case headsOnly, coreToo }
  public enum ReturnBaseline: String, Sendable, Codable {
    case none, movingAverage
    /// b_t from h_t, fitted by squared error (the paper's).
    case learned
    /// The mean return of the image's other episodes; needs two or more.
    case leaveOneOut
  }
  public enum Score: String, Sendable, Codable {
    /// log N of the raw sample.
    case rawSample
    /// log N of the sample after clipping: biased, as several implementations have it.
    case clampedSample
    /// The raw sample with the mean's gradient stopped: the starting code's mistake, nothing is learned.
    case stoppedMean
  }
  public enum Readout: String, Sendable, Codable {
    /// The class is read from the last state (paper).
    case last
    /// The class is read from every state; the loss is still that of the last one.
    case every
  }

  public var glimpses: Int
  public var retina: Retina
  public var patchUnits = 128  // paper: h_g
  public var locationUnits = 128  // paper: h_l
  public var glimpseUnits = 256  // paper: g
  public var coreUnits = 256  // paper: h
  public var classCount = 10
  public var core = Core.rectifier  // paper, classification
  // ours: a prototype on translated digits erred 3.7 % with it, 4.4 % from random weights (one seed)
  public var recurrentStart = RecurrentStart.identity
  // ours: a prototype on cluttered digits erred 7.7 % with it, 8.8 % from a uniform one (one seed)
  public var firstGlimpse = FirstGlimpse.center
  public var policy = Policy.learned
  public var squashing = Squashing.tanh  // ours: the paper mentions none; clipped means got stuck in corners
  public var locationHiddenUnits: Int? = nil  // paper: linear
  // ours: 12.5 to 14.6 % after 600,000 cluttered scenes, heads only 15.3 to 16.0 % (validation, single seeds)
  public var headGradient = HeadGradient.coreToo
  public var baseline = ReturnBaseline.learned  // paper
  public var episodes = 1  // ours: M is not stated
  public var reinforceWeight: Float = 0.1  // ours: not stated; larger ones disturb the core
  public var score = Score.rawSample
  public var readout = Readout.last

  public init(glimpses: Int, patchSide: Int, scales: Int) {
    self.glimpses = glimpses
    retina = Retina(patchSide: patchSide, scales: scales)
  }

  /// The first of the settings that contradict each other, in a sentence; nil when all fit.
  public var contradiction: String? {
    if glimpses < 1 { return "a model needs at least one glimpse, not \(glimpses)" }
    if episodes < 1 { return "a model needs at least one episode per image, not \(episodes)" }
    if baseline == .leaveOneOut && episodes < 2 {
      return "the leave-one-out baseline needs two or more episodes per image, not \(episodes)"
    }
    return nil
  }
}
