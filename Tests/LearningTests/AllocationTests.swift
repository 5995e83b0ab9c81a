// Memory is counted as the GNU C library counts it.
#if canImport(Glibc)
  import CAllocator
  import Glibc
  import Learning
  import Numerics
  import RecurrentAttention
  import ReferenceNetworks
  import TestProcesses
  import Testing

  @Suite(
    "Memory of the training step",
    .enabled(if: allocator_bytes_taken() > 0, "a sanitizer's allocator, which the C library does not count"))
  struct AllocationTests {
    enum Kind: String, CaseIterable, Codable {
      case rectifier, lstm, learnedFirst, context, zoom, lookAhead, selfCritical, leaveOneOut, stopping,
        game, fullyConnected, convolutional

      var world: any World { self == .game ? Pointing() : Blobs() }

      var network: any Network {
        func model(_ change: (inout BlobModel) -> Void) -> any Network {
          var model = BlobModel()
          change(&model)
          return model.network
        }
        return switch self {
        case .rectifier: model { _ in }
        case .lstm: model { $0.core = .lstm }
        case .learnedFirst: model { $0.gaze = GaussianGaze(deviation: .constant(0.1), first: .learned) }
        case .context:
          model {
            $0.gaze = ContextGaze(
              GaussianGaze(deviation: .constant(0.1)), context: WholeFrame(cells: 4), remembers: true)
          }
        case .zoom:
          BlobModel().network.with {
            $0.gaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)))
            $0.sensor = ZoomRetina(patchSide: 4, scales: 2, narrowest: 4, widest: 8)
          }
        case .lookAhead:
          model {
            ($0.objective.advantage, $0.objective.baseline) = (LookAhead(lambda: 0.5), ClassBaseline())
            $0.objective.reward = RightProbability()
          }
        case .selfCritical: model { $0.objective.baseline = SelfCritical() }
        case .leaveOneOut: model { ($0.objective.baseline, $0.objective.episodes) = (LeaveOneOut(), 2) }
        case .stopping:
          model {
            ($0.objective.advantage, $0.objective.baseline) = (LookAhead(lambda: 0.5), ClassBaseline())
            $0.stop = StopAction()
          }
        case .game: Pointing.network()
        case .fullyConnected: FullyConnected(units: 32)
        case .convolutional: Convolutional(filters: 4, units: 32, filterSide: 4, stride: 2)
        }
      }

      /// A trainer whose memory is taken and whose kernels are made.
      func prepared(_ body: (Trainer) throws -> Void) throws {
        try network.check(on: world)
        let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 100_000, batchSize: 128)
        let trainer = Trainer(
          network.makeLearner(for: world, seed: 1), on: world, settings: settings, seed: 1,
          pool: try WorkerPool(threads: 2))
        for _ in 0..<20 { _ = try trainer.trainStep() }
        try body(trainer)
      }
    }

    // In processes of their own: memory is counted for all threads of one, and other tests take some as well.

    @Test(
      "after a warm-up, a hundred steps on two threads leave exactly as many bytes taken as before",
      .promptly,
      arguments: Kind.allCases)
    func nothingTaken(kind: Kind) async {
      await #expect(processExitsWith: .success) { [kind] in
        try kind.prepared { trainer in
          // On a busy machine a thread may get its first shard late, and what oneDNN keeps for the thread comes late too.
          let grown = try (0..<5).map { _ in
            let before = allocator_bytes_taken()
            for _ in 0..<100 { _ = try trainer.trainStep() }
            return allocator_bytes_taken() - before
          }
          require(grown.contains(0), "bytes that a hundred steps leave taken, five times: \(grown)")
        }
      }
    }

    @Test("the count itself can fail: two kilobytes kept by one of a hundred steps are seen", .promptly)
    func somethingTaken() async {
      await #expect(processExitsWith: .success) {
        try Kind.rectifier.prepared { trainer in
          let before = allocator_bytes_taken()
          var kept: UnsafeMutableRawPointer?
          for step in 0..<100 {
            _ = try trainer.trainStep()
            if step == 50 { kept = malloc(2048) }
          }
          require(kept != nil && allocator_bytes_taken() > before, "the count does not see 2 KB")
        }
      }
    }
  }
#endif
