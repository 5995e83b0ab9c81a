import NumericCore

/// How a model looked at one image: one entry per glimpse.
public struct GlimpsePath: Sendable {
  public struct Glimpse: Sendable {
    /// l = (x, y), image half-widths.
    public var x: Float
    public var y: Float
    /// ρ(x, l) as one picture, [retina.compositeSide, retina.compositeSide].
    public var picture: [Float]
    /// What would be answered if this were the last glimpse, and how probable the model finds it.
    public var prediction: Int
    public var probability: Float
  }

  public var glimpses: [Glimpse]
}

extension RecurrentAttentionModel {
  /// The same network with other settings: every tensor that both have is copied, what only the copy has is
  /// fresh.
  public func copy(_ adjust: (inout AttentionSettings) -> Void) -> RecurrentAttentionModel {
    var settings = settings
    adjust(&settings)
    let copy = RecurrentAttentionModel(settings, seed: 0)
    for parameter in parameters.tensors {
      guard let same = copy.parameters.tensors.first(where: { $0.name == parameter.name }) else { continue }
      precondition(
        same.rows == parameter.rows && same.columns == parameter.columns,
        "tensor '\(parameter.name)' has another shape under these settings")
      copy.parameters[same].pointer.update(from: parameters[parameter].pointer, count: parameter.count)
    }
    copy.parameters.refreshCopies()
    copy.state = state
    return copy
  }

  /// The same network, one episode per image, whose workers give the class after every glimpse.
  public var readingEveryGlimpse: RecurrentAttentionModel {
    copy { settings in
      settings.readout = .every
      settings.episodes = 1
      if settings.baseline == .leaveOneOut { settings.baseline = .none }
    }
  }

  /// Looks at the images of a batch, locations at the policy's mean, reading the class after every glimpse.
  ///
  /// - Parameters:
  ///   - firstExample: the number of the first image: the key of its random streams, where the policy draws.
  ///   - fill: writes the images and labels to look at.
  public func paths(
    images: Int, side: Int, seed: UInt64, firstExample: Int = 0, fill: (ImageBatch) -> Void
  ) -> [GlimpsePath] {
    let worker = AttentionWorker(readingEveryGlimpse, images: images, side: side)
    worker.batch.count = images
    fill(worker.batch)
    _ = worker.evaluate(Rollout(seed: seed, firstExample: firstExample, standardDeviation: nil))
    return (0..<images).map { image in
      GlimpsePath(
        glimpses: (0..<settings.glimpses).map { step in
          let location = worker.locations.value(at: step)
          let p = worker.probabilities(afterGlimpse: step + 1)
          var best = 0
          for j in 1..<p.columns where p[image, j] > p[image, best] { best = j }
          return .init(
            x: location[image, 0], y: location[image, 1],
            picture: settings.retina.composite(worker.patches.value(at: step).row(image)), prediction: best,
            probability: p[image, best])
        })
    }
  }
}
