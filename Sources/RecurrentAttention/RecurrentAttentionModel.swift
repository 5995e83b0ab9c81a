import NumericCore

/// The recurrent attention model (section 3, figure 1C): its parameters, and workers that run it.
public final class RecurrentAttentionModel: Learner, @unchecked Sendable {
  public let settings: AttentionSettings
  public let parameters = Parameters()
  public let glimpseNetwork: GlimpseNetwork
  public let core: CoreNetwork
  /// nil when glimpses are not the model's to choose.
  public let locationNetwork: LocationNetwork?
  /// The learned first location, as a layer whose input is nothing.
  let firstLocation: LinearLayer?
  let baseline: LinearLayer?
  let action: LinearLayer

  /// The mean return of recent batches, for the moving-average baseline.
  public private(set) var returnAverage: Float = 0

  /// - Parameter seed: of the initial weights.
  public init(_ settings: AttentionSettings, seed: UInt64) {
    if let contradiction = settings.contradiction { preconditionFailure(contradiction) }
    self.settings = settings
    glimpseNetwork = GlimpseNetwork(
      retina: settings.retina, patchUnits: settings.patchUnits, locationUnits: settings.locationUnits,
      outputs: settings.glimpseUnits, in: parameters)
    core = CoreNetwork(
      settings.core, inputs: settings.glimpseUnits, units: settings.coreUnits, in: parameters)
    let isLearned = settings.policy == .learned
    // One glimpse leaves nothing to decide, unless the first is learned.
    let decides = isLearned && settings.glimpses > 1
    locationNetwork =
      decides
      ? LocationNetwork(
        inputs: settings.coreUnits, hiddenUnits: settings.locationHiddenUnits, squashing: settings.squashing,
        in: parameters) : nil
    action = LinearLayer("action", inputs: settings.coreUnits, outputs: settings.classCount, in: parameters)
    baseline =
      decides && settings.baseline == .learned
      ? LinearLayer("baseline", inputs: settings.coreUnits, outputs: 1, in: parameters) : nil
    firstLocation =
      isLearned && settings.firstGlimpse == .learned
      ? LinearLayer("location.first", inputs: 1, outputs: 2, in: parameters) : nil

    glimpseNetwork.initialize(parameters, seed: seed)
    core.initialize(parameters, start: settings.recurrentStart, seed: seed)
    locationNetwork?.initialize(parameters, seed: seed)
    parameters.initialize(action, seed: seed)
    if let baseline { parameters.initialize(baseline, seed: seed) }
    parameters.refreshCopies()
  }

  /// Of one forward pass, T glimpses of k g² numbers:
  ///
  ///     T (k g² h_g + 2 h_l + (h_g + h_l) g)          glimpse network
  ///     T g h n + (T - 1) h h n                       core, n = 1 gate, 4 in an LSTM; h_0 = 0 costs nothing
  ///     (T - 1) 2 h location network; through a hidden layer of u units h u + 2 u h classes action network,
  ///     at the last state, or at every one
  ///
  /// The baseline is left out: only training needs it. The image's size does not enter.
  public var multiplyAddsPerImage: Int {
    let glimpses = settings.glimpses
    let sides = settings.patchUnits + settings.locationUnits
    let glimpse =
      settings.retina.columns * settings.patchUnits + 2 * settings.locationUnits + sides
      * settings.glimpseUnits
    let units = settings.coreUnits
    let gates = settings.core == .lstm ? 4 : 1
    let core = (glimpses * settings.glimpseUnits + (glimpses - 1) * units) * units * gates
    let decision = settings.locationHiddenUnits.map { units * $0 + 2 * $0 } ?? 2 * units
    let decisions = locationNetwork == nil ? 0 : glimpses - 1
    let readouts = settings.readout == .last ? 1 : glimpses
    return glimpses * glimpse + core + decisions * decision + readouts * units * settings.classCount
  }

  public var isStochastic: Bool {
    settings.policy == .random || settings.firstGlimpse == .uniform || locationNetwork != nil
      || firstLocation != nil
  }

  /// A shard's rows are every so many of all: so are its images, if each has one row.
  public var trainsShardsTogether: Bool { settings.episodes == 1 }
  public var gradientRowsPerImage: Int { settings.glimpses * settings.episodes }

  public var state: [Float] {
    get { [returnAverage] }
    set { returnAverage = newValue.first ?? 0 }
  }

  public func makeWorker(images: Int, side: Int) -> any LearnerWorker {
    AttentionWorker(self, images: images, side: side)
  }

  public func finishStep(_ tally: Tally) {
    let mean = 1 - Float(tally.errors) / Float(max(tally.examples, 1))
    returnAverage += 0.01 * (mean - returnAverage)  // ours: a memory of about 100 batches
  }
}
