import Learning

/// One-step look-ahead with an antithetic location (ours): in training, unlike a real agent, the model can look twice.
///
///     A_t = ½ (G_t - V'_t)
///
/// G_t is the λ-return from after looking at l_t = μ + σε, and V'_t the value after looking, from the same h_{t-1}, at
/// l'_t = μ - σε instead; for a glimpse that is followed by an answer, it is the reward of that answer. The part of the
/// value that depends only on the frame cancels in the pair. The factor ½ and the sign of ε keep the expectation the
/// same (antithetic variates). Its only bias is that of V.
public struct LookAhead: Advantage, Equatable {
  public var lambda: Float

  public init(lambda: Float) { self.lambda = lambda }

  public var configuration: Configuration { Configuration("look_ahead").with("lambda", lambda) }
  public var needsValues: Bool { true }
  public var needsAntitheticLocations: Bool { true }
  public var openChoice: String? {
    "The credit of a place is half the difference between its value (λ-return, λ = \(lambda)) and the value of the "
      + "place on the other side of the policy's mean."
  }

  public func check(on world: any World) throws {
    guard (0...1).contains(lambda) else {
      throw DefinitionError("the look-ahead's λ", lambda, "it must be between 0 and 1", cure: "choose 0.5")
    }
    guard world.play == nil else {
      throw DefinitionError(
        "the advantage", "look-ahead",
        "\(world.summary) changes when the model acts, so a second look is not possible",
        cure: "use LambdaReturns")
    }
  }

  public func makeAntitheticLooks(
    of agent: Agent, baseline: BaselineLayer?, worth: @escaping (LookOutcome) -> Float
  ) -> AntitheticLooks? {
    let decides = agent.gaze.score != nil || agent.gaze.firstScore != nil
    return decides ? AntitheticLooks(of: agent, baseline: baseline, worth: worth) : nil
  }
}
