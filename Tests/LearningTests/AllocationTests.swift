// Memory is counted as the GNU C library counts it.
#if canImport(Glibc)
  import CAllocator
  import Glibc
  import NumericCore
  import Testing

  @testable import Training

  @Suite(
    "Memory of the training step",
    .enabled(if: allocator_bytes_taken() > 0, "a sanitizer's allocator, which the C library does not count"))
  struct AllocationTests {
    // In processes of their own: memory is counted for all threads of one, and other tests take some as well.

    @Test("a hundred steps on two threads leave exactly as many bytes taken as before")
    func nothingTaken() async {
      await #expect(processExitsWith: .success) {
        try prepared { trainer in
          let before = allocator_bytes_taken()
          for _ in 0..<100 { _ = try trainer.trainStep() }
          let after = allocator_bytes_taken()
          precondition(after == before, "\(after) bytes are taken after 100 steps, \(before) before")
        }
      }
    }

    @Test("the count itself can fail: two kilobytes kept by one of a hundred steps are seen")
    func somethingTaken() async {
      await #expect(processExitsWith: .success) {
        try prepared { trainer in
          let before = allocator_bytes_taken()
          var kept: UnsafeMutableRawPointer?
          for step in 0..<100 {
            _ = try trainer.trainStep()
            if step == 50 { kept = malloc(2048) }
          }
          precondition(kept != nil && allocator_bytes_taken() > before, "the count does not see 2 KB")
        }
      }
    }
  }

  /// A trainer whose memory is taken and whose kernels are made.
  private func prepared(_ body: (Trainer) throws -> Void) throws {
    let pool = WorkerPool(threads: 2)
    let settings = TrainingSettings(epochs: 1, examplesPerEpoch: 100_000, batchSize: 128)
    let trainer = Trainer(blobModel(), on: BlobTask(), settings: settings, seed: 1, pool: pool)
    for _ in 0..<20 { _ = try trainer.trainStep() }
    try body(trainer)
  }
#endif
