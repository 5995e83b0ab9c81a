import Foundation
import Learning
import Testing
import Worlds

@testable import RecurrentAttention

@Suite("Documentation/weights.md")
struct WeightsPageTests {
  /// The shapes of every tensor that the page has, as it writes them: "[G + H, 4 H]". Some have one for each kind.
  private func documented() throws -> [String: Set<String>] {
    let page = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Documentation/weights.md")
      .standardized
    var shapes: [String: Set<String>] = [:]
    for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      for part in cells[1...].joined(separator: " ").components(separatedBy: "[").dropFirst() {
        let shape = "[" + part.prefix { $0 != "]" } + "]"
        guard part.contains("]"), shape.split(separator: ",").count == 2, !shape.contains("g_t") else {
          continue
        }
        shapes[cells[0].trimmingCharacters(in: ["`"]), default: []].insert(shape)
      }
    }
    return shapes
  }

  /// "[G + H, 4 H]" with numbers for the letters; nil where a model has no such letter.
  private func sizes(_ shape: String, _ letters: [String: Int]) -> [Int]? {
    func product(_ term: String) -> Int? {
      let factors = term.split(separator: " ").map { Int($0) ?? letters[String($0)] }
      return factors.contains(nil) ? nil : factors.reduce(1) { $0 * ($1 ?? 1) }
    }
    let sides = shape.trimmingCharacters(in: ["[", "]"]).components(separatedBy: ", ").map {
      $0.components(separatedBy: " + ").map(product)
    }
    return sides.joined().contains(nil) ? nil : sides.map { $0.reduce(0) { $0 + ($1 ?? 0) } }
  }

  private struct Kind {
    var network = RecurrentAttention(glimpses: 3, sensor: Retina(patchSide: 4, scales: 2)).with {
      $0.glimpseNetwork = .init(patch: 5, location: 7, output: 11)
      $0.core = RectifierCore(units: 13)
    }
    var world: any World
    var letters = ["S": 32, "L": 2, "P": 5, "Q": 7, "G": 11, "H": 13, "C": 10, "V": 1]
  }

  private func kinds() throws -> [Kind] {
    let digits = CenteredDigits(digits: try .bundled())
    let plain = Kind(world: digits)
    var (hidden, context, zoom, game, classes, still, stop) = (
      plain, plain, plain, plain, plain, plain, plain
    )
    hidden.network = try hidden.network.changingGaze { ($0.hiddenUnits, $0.first) = (17, .learned) }
    hidden.letters["U"] = 17
    context.network.gaze = ContextGaze(
      GaussianGaze(deviation: .constant(0.1)), context: WholeFrame(cells: 3), remembers: true)
    context.letters["K"] = 9
    zoom.network.sensor = ZoomRetina(patchSide: 4, scales: 2, narrowest: 4, widest: 20)
    zoom.network.gaze = ZoomGaze(GaussianGaze(deviation: .constant(0.1)))
    zoom.letters["L"] = 3
    game.world = Catch()
    game.network.core = LSTMCore(units: 13)
    game.network.objective = GameObjective()
    game.letters["C"] = try #require(game.world.play).actions
    classes.network = try classes.network.changingObjective { $0.baseline = ClassBaseline() }
    classes.letters["V"] = 10
    still.network.gaze = CenterGaze()
    stop.network.actions = [StopAction()]
    stop.network.objective = StoppingObjective(ClassificationObjective(), price: 0.1)
    return [plain, hidden, context, zoom, game, classes, still, stop]
  }

  @Test("names every tensor that a model of any kind declares, with its shape, and no other")
  func everyTensor() throws {
    let documented = try documented()
    var met: [String: Set<String>] = [:]
    for kind in try kinds() {
      try kind.network.check(on: kind.world)
      let model = RecurrentAttentionModel(kind.network, for: kind.world, seed: 1)
      for tensor in model.parameters.tensors {
        let fitting = (documented[tensor.name] ?? []).filter {
          sizes($0, kind.letters) == [tensor.rows, tensor.columns]
        }
        #expect(
          !fitting.isEmpty, "\(tensor.name) [\(tensor.rows), \(tensor.columns)] is not what the page says")
        met[tensor.name, default: []].formUnion(fitting)
      }
    }
    #expect(met == documented)
  }

  @Test("names every tensor of every committed file", arguments: TrainedWeightsTests.committed)
  func everyFile(name: String) throws {
    let names = Set(try documented().keys).union(["state"])
    let checkpoint = try Checkpoint(reading: "\(TrainedWeightsTests.results)/\(name)")
    for tensor in checkpoint.tensors { #expect(names.contains(tensor.name), "\(tensor.name)") }
  }
}
