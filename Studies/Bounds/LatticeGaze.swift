import Autodiff
import Learning
import RecurrentAttention

/// Looks at the same places in every picture: the centres of the cells of a lattice, row by row from the top left, with
/// about as many columns as rows.
struct LatticeGaze: Gaze, Equatable {
  /// How far from the frame's centre the lattice extends, half-widths.
  var reach: Float

  var configuration: Configuration { Configuration("lattice").with("reach", reach) }
  var openChoices: [String] { ["The lattice extends \(reach) half-widths from the frame's centre."] }
  func isStochastic(glimpses: Int) -> Bool { false }

  /// The places of this number of glimpses.
  func locations(_ glimpses: Int) -> [Location] {
    let columns = Int(Double(glimpses).squareRoot().rounded(.up))
    let rows = (glimpses + columns - 1) / columns
    func centre(_ cell: Int, of cells: Int) -> Float { reach * Float(2 * cell + 1 - cells) / Float(cells) }
    return (0..<glimpses).map {
      Location(x: centre($0 % columns, of: columns), y: centre($0 / columns, of: rows))
    }
  }

  func declare(units: Int, glimpses: Int, in parameters: Parameters) -> any GazeLayer {
    let choices = locations(glimpses)
    return FixedGazeLayer { moment, _, locations in
      let location = choices[moment.step]
      for row in 0..<locations.rows { (locations[row, 0], locations[row, 1]) = (location.x, location.y) }
    }
  }
}
