import Learning
import RecurrentAttention
import StudyKit

/// How the models of the tables are trained: the attention models all alike, except for what depends on the size of the
/// task.
///
/// The objective is the paper's (equation 2) if the class is drawn from the softmax; its gradient is estimated with less
/// noise. Documentation/recipe.md lists what was tried, and how much each choice gains.
public enum Recipe {
  /// - Parameters:
  ///   - reach: how far from the centre an output of 1 looks, frame half-widths.
  ///   - first: where the first glimpse is.
  public static func network(
    glimpses: Int, sensor: Retina, reach: Float = 1, first: GaussianGaze.First = .center
  ) -> RecurrentAttention {
    RecurrentAttention(
      glimpses: glimpses, sensor: sensor, gaze: gaze(reach: reach, first: first), objective: objective)
  }

  public static var objective: ClassificationObjective {
    ClassificationObjective {
      $0.reward = RightProbability()  // ours: the mean of 0 or 1 for a drawn class
      $0.baseline = ClassBaseline()  // ours: its form is not stated
      $0.advantage = LookAhead(lambda: 0.5)  // ours: credit from looking twice
      $0.reinforceWeight = .constant(0.3)  // ours: not stated
    }
  }

  /// The policy of `network`, for gazes that also decide something else.
  ///
  /// - Parameter deviation: at the start and at the end, in units of the reach.
  public static func gaze(
    reach: Float = 1, first: GaussianGaze.First = .center,
    deviation: (from: Double, to: Double) = (0.1, 0.05)  // ours: not stated
  ) -> GaussianGaze {
    // In double precision, so that the product is the decimal number that one would write.
    func scaled(_ deviation: Double) -> Float { Float(deviation * Double(reach)) }
    return GaussianGaze(
      deviation: .linear(from: scaled(deviation.from), to: scaled(deviation.to)), reach: reach, first: first)
  }

  /// The settings for training attention models.
  public static func training(
    epochs: Int, examplesPerEpoch: Int, validationExamples: Int = 10_000, testExamples: Int = 10_000
  ) -> TrainingSettings {
    TrainingSettings(
      epochs: epochs, examplesPerEpoch: examplesPerEpoch,
      batchSize: 64,  // ours: 128 is no faster, and makes half as many updates from the same scenes
      updateRule: Adam(), learningRate: .cosine(from: 1e-3, to: 1e-5),  // ours: the rate is not stated
      clippingNorm: 5,  // ours: none is mentioned
      weightDecay: 0.1,  // ours: none is mentioned
      validationExamples: validationExamples, testExamples: testExamples)
  }

  /// How long the models of tables 1b and 2 train. Studies that share runs with them have the same plan, so that no run is
  /// trained twice.
  public static let paperPlan = Plan(
    seeds: 3, training(epochs: 200, examplesPerEpoch: 60_000, testExamples: 100_000))  // ours: not stated

  /// A fifth of that, for studies that compare many ways to train.
  public static let shortPaperPlan = Plan(
    seeds: 3, training(epochs: 40, examplesPerEpoch: 60_000, testExamples: 100_000))  // ours: not stated

  /// How long the models of table 1a train: 300 times over the training digits.
  public static let centeredPaperPlan = Plan(
    seeds: 3, training(epochs: 300, examplesPerEpoch: 50_000))  // ours: not stated

  /// Gives a model of table 1a that length with preset `paper`, in a study with another plan.
  public static func centeredLength(_ preset: Preset) -> @Sendable (inout TrainingSettings) -> Void {
    guard preset == .paper else { return { _ in } }
    let plan = centeredPaperPlan.training
    return {
      ($0.epochs, $0.examplesPerEpoch) = (plan.epochs, plan.examplesPerEpoch)
      $0.testExamples = plan.testExamples
    }
  }

  /// Whether everything works, in seconds.
  public static let smokePlan = Plan(  // ours: as short as figures allow
    seeds: 1, training(epochs: 2, examplesPerEpoch: 640, validationExamples: 200, testExamples: 200))

  /// For a study beyond the paper's tables: short training from three seeds, and the plan of the tables.
  public static let plans: [Preset: Plan] = [
    .smoke: smokePlan,
    .quick: Plan(  // ours: a tenth of the tables'
      seeds: 3, training(epochs: 20, examplesPerEpoch: 60_000, validationExamples: 2_000)),
    .paper: paperPlan,
  ]
}
