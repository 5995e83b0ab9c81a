import Testing

@testable import benchmark

private let cell = Cell(network: "ram-28", work: .training, batch: 128, threads: 1)

/// Rates of one contender, round by round.
private func rounds(_ contender: String, _ rates: [Double], first: Int = 0) -> [Measurement] {
  rates.enumerated().map {
    Measurement(cell: cell, contender: contender, round: first + $0, imagesPerSecond: $1)
  }
}

@Test("a ratio is taken within a round: a machine twice as slow in one of them changes nothing")
func ratioWithinARound() {
  let measured = rounds("ours", [30, 15, 33]) + rounds("jax", [20, 10, 20])
  #expect(measured.ratio(of: "ours", to: "jax", in: cell) == Spread([1.5, 1.5, 1.65]))
  #expect(measured.ratio(of: "ours", to: "jax", in: cell)?.median == 1.5)
}

@Test("a round in which one of the two is missing gives no ratio")
func missingRound() {
  let measured = rounds("ours", [30, 40]) + rounds("jax", [10], first: 1)
  #expect(measured.ratio(of: "ours", to: "jax", in: cell) == Spread([4]))
  #expect(measured.ratio(of: "ours", to: "torch-eager", in: cell) == nil)
}

@Test("the best peer is the one with the highest median, whatever its best round")
func bestPeer() {
  let measured = rounds("jax", [10, 11, 90]) + rounds("torch-compile", [12, 13, 14])
  #expect(measured.bestPeer(in: cell, among: ["jax", "torch-compile", "torch-eager"]) == "torch-compile")
}

@Test("medians: the middle of three, the mean of the middle two of four, nothing of nothing")
func medians() {
  #expect([3.0, 1, 2].median == 2)
  #expect([4.0, 1, 2, 9].median == 3)
  #expect([Double]().median == nil)
}

@Test("a burst's rate comes from its median step")
func burstRate() {
  let burst = Burst(seconds: [0.02, 0.01, 0.5], images: 10)
  #expect(burst.imagesPerSecond == 500)
  #expect(burst.medianMs == 20 && burst.leastMs == 10 && burst.steps == 3)
}

@Test("the chosen words of one kind are alternatives, of two kinds both hold")
func chosenStations() {
  let stations = Station.chosen(words: ["ram-28", "conv-60", "training"], batches: [20], threads: [1, 2])
  #expect(stations.map(\.title).count == 4)
  #expect(stations.allSatisfy { $0.works == [.training] && !$0.isProfiled })
  #expect(Station.chosen(words: ["conv-28", "profile"], batches: [20], threads: [1]).isEmpty)
}

@Test("what a work is compared with is measured with it, under the name of the part")
func comparedWorks() throws {
  let station = try #require(
    Station.chosen(words: ["ram-60", "look-ahead"], batches: [20], threads: [1]).first)
  #expect(station.works == [.lookAhead] && station.ownWorks == [.lookAhead, .plainStep, .forwardPass])
}

@Test("a summary has our rate over the other's, and no share of the limit for works of our own")
func summaries() throws {
  let cell = Cell(network: "ram-28", work: .training, batch: 128, threads: 1)
  let rates = [("limit", 100.0), ("ours", 50), ("jax", 25), (Work.plainStep.rawValue, 60)]
  let summaries = rates.map { Measurement(cell: cell, contender: $0, round: 0, imagesPerSecond: $1) }
    .summaries
  #expect(summaries.map { $0.oursRatio?.median } == [0.5, 1, 2, 50 / 60])
  #expect(summaries.map { $0.fractionOfLimit?.median } == [1, 0.5, 0.25, nil])
}

@Test("at 100 images a second and then 300, 75 images take one second")
func rateOfBothWorks() {
  #expect(abs(Measurement.rate(of: 100, then: 300) - 75) < 1e-12)
}
