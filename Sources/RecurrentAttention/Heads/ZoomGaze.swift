import Autodiff
import Learning

/// A Gaussian policy that also decides how wide to look (section 5: "the scale at which the retina samples").
///
///     μ_t = tanh(Linear(h_t))                 [B, 3]
///     s_t ~ N(μ_t, (σ / c)²)                  at test s_t = μ_t
///     l_{t+1} = (clip(c s_x), clip(c s_y), clip(s_z))
///
/// z = -1 is the narrowest look that the sensor can take, 1 the widest. The first look is at the place that the policy
/// of places begins with, as wide as can be. All three numbers are scored as one sample.
public struct ZoomGaze: Gaze, Equatable {
  /// The policy of places, whose settings are the zoom's too.
  public var place: GaussianGaze

  public init(_ place: GaussianGaze) { self.place = place }

  public var configuration: Configuration {
    Configuration("zoom").with("place", place.configuration)
  }
  public var placeColumns: Int { 3 }
  public var schedules: [NamedSchedule] { place.schedules }
  public func isStochastic(glimpses: Int) -> Bool { place.isStochastic(glimpses: glimpses) }
  public func decides(glimpses: Int) -> Bool { place.decides(glimpses: glimpses) }
  public func check() throws { try place.check() }

  public var openChoices: [String] {
    place.openChoices + [
      "A width is a third number of the Gaussian, kept between the narrowest and the widest by tanh; the first look "
        + (place.first == .learned ? "is learned." : "is the widest.")
    ]
  }

  public func multiplyAdds(units: Int, glimpses: Int) -> Int {
    (glimpses - 1) * (place.hiddenUnits.map { units * $0 + 3 * $0 } ?? 3 * units)
  }

  public func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    place.layer(columns: placeColumns, units: units, glimpses: glimpses, in: parameters)
  }
}
