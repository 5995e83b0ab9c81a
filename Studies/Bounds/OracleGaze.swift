import Autodiff
import Learning
import Numerics
import RecurrentAttention
import Worlds

/// A gaze that is told where the digit is. It looks at the digit's centre, then at places on a circle around it, evenly
/// spaced from the top. It learns nothing.
///
/// When policies are sampled, as in training, its places are jittered, so that the network never sees a digit twice from
/// the same places.
struct OracleGaze: Gaze {
  /// Tells where its digits are.
  let world: any LocatedWorld
  /// Radius of the circle, pixels: a little more than the finest patch reaches from its centre.
  var radius: Float = 7  // ours: a digit's ink is about 20 pixels wide, and the finest patch is 12
  /// Standard deviation of each coordinate, pixels.
  var jitter: Float = 2  // ours: about that of the learned policy

  init(_ world: any LocatedWorld) { self.world = world }

  var configuration: Configuration { Configuration("oracle").with("radius", radius).with("jitter", jitter) }
  var openChoices: [String] {
    [
      "The oracle looks at the digit's centre, then at places \(radius) pixels from it; when sampled, each coordinate is "
        + "jittered with a deviation of \(jitter) pixels."
    ]
  }
  func isStochastic(glimpses: Int) -> Bool { true }

  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    FixedGazeLayer { [self] moment, stage, locations in
      let half = Float(stage.side) / 2
      // From the digit's centre, frame half-widths.
      var offset = Location(x: 0, y: 0)
      if moment.step > 0 {
        let (sine, cosine) = Elementary.sineAndCosine(turns: Float(moment.step - 1) / Float(glimpses - 1))
        offset = Location(x: radius / half * sine, y: -radius / half * cosine)
      }
      let rowsPerExample = locations.rows / stage.capacity
      for row in 0..<(stage.count * rowsPerExample) {
        let box = world.digitBox(
          stage.origin.split, index: stage.origin.first + row / rowsPerExample, seed: stage.origin.seed)
        var location = Location(
          x: (Float(box.x) + Float(box.side) / 2) / half - 1 + offset.x,
          y: (Float(box.y) + Float(box.side) / 2) / half - 1 + offset.y)
        if moment.isSampled {
          location.x += jitter / half * moment.streams[row].normal()
          location.y += jitter / half * moment.streams[row].normal()
        }
        locations[row, 0] = min(max(location.x, -1), 1)
        locations[row, 1] = min(max(location.y, -1), 1)
      }
    }
  }
}
