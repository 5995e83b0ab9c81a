import Learning

/// One-step look-ahead with an antithetic place: training has what a real agent has not, the power to look twice.
///
///     A_t = ½ (G_t - V'_t)
///
/// G_t is the λ-return from after looking at l_t = μ + σε, and V'_t the value after looking, from the same h_{t-1}, at
/// l'_t = μ - σε instead; of a glimpse that is answered after it is the reward of that answer. What the frame itself
/// does to the value, wherever one looks, cancels in the pair; the factor ½ and the sign of ε make it the same
/// expectation (antithetic variates). Its only bias is that of V.
public struct LookAhead: Advantage, Equatable {
  public var lambda: Float

  public init(lambda: Float) { self.lambda = lambda }

  public var configuration: Configuration { Configuration("look_ahead").with("lambda", lambda) }
  public var needsValues: Bool { true }
  public var openChoice: String? {
    "A decision's credit is half of what its place was worth (λ-return, λ = \(lambda)) less what the place on the other "
      + "side of the policy's mean would have been worth."
  }

  public func check(on world: any World) throws {
    guard (0...1).contains(lambda) else {
      throw DefinitionError("the look-ahead's λ", lambda, "it lies between 0 and 1", cure: "choose 0.5")
    }
    guard world.play == nil else {
      throw DefinitionError(
        "the advantage", "look-ahead", "\(world.summary) does not stand still to be looked at twice",
        cure: "use LambdaReturns")
    }
  }

  public func makeShadow(
    of agent: Agent, baseline: BaselineLayer?, worth: @escaping (Prospect) -> Float
  ) -> Shadow? {
    let decides = agent.gaze.score != nil || agent.gaze.firstScore != nil
    return decides ? Shadow(of: agent, baseline: baseline, worth: worth) : nil
  }
}
