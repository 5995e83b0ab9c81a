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
  /// Looks at the images of a batch, locations at the policy's mean, reading the class after every glimpse.
  ///
  /// - Parameter fill: writes the images and labels to look at.
  public func paths(images: Int, side: Int, seed: UInt64, fill: (ImageBatch) -> Void) -> [GlimpsePath] {
    var settings = settings
    settings.readout = .every
    settings.episodes = 1
    settings.baseline = settings.baseline == .leaveOneOut ? .none : settings.baseline
    let reader = RecurrentAttentionModel(settings, seed: seed)
    for parameter in parameters.tensors {
      guard let same = reader.parameters.tensors.first(where: { $0.name == parameter.name }) else { continue }
      reader.parameters[same].pointer.update(from: self.parameters[parameter].pointer, count: parameter.count)
    }
    reader.parameters.refreshTransposedCopies()
    let worker = AttentionWorker(reader, images: images, side: side)
    worker.batch.count = images
    fill(worker.batch)
    _ = worker.evaluate(Rollout(seed: seed, firstExample: 0, standardDeviation: nil))
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
