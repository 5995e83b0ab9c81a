import Autodiff
import Learning

/// The core of the paper's player of Catch (section 4.2): long short-term memory without peepholes.
///
///     h_t, c_t = LSTM(h_{t-1}, c_{t-1}, g_t)     [B, units] each, both zero at first
public struct LSTMCore: Core, Equatable {
  public var units: Int

  public init(units: Int = 256) { self.units = units }  // paper

  public static let kind = "lstm"
  public var configuration: Configuration { Configuration(Self.kind).with("units", units) }
  public init(_ configuration: Configuration) throws { units = try configuration.value("units") }

  public var openChoices: [String] { ["The LSTM's forget gate starts open (bias 1)."] }

  public func declare(inputs: Int, in parameters: Parameters) -> any CoreLayer {
    Layer(layer: RecurrentLayer("core", inputs: inputs, units: units, gates: 4, in: parameters))
  }

  public func multiplyAdds(inputs: Int, steps: Int) -> Int {
    4 * (steps * inputs + (steps - 1) * units) * units
  }

  private struct Layer: CoreLayer {
    let layer: RecurrentLayer

    func initialize(_ parameters: Parameters, seed: UInt64) {
      parameters.initialize(layer, seed: seed)
      // ours: the forget gate starts open (Gers et al. 2000; Jozefowicz et al. 2015)
      parameters.fill(layer.bias, with: 1, columns: layer.units..<(2 * layer.units))
    }

    func unroll(in graph: Graph, input: (Variable) -> Void) -> CoreStates {
      let memory = graph.lstmCore(layer, input: input)
      return CoreStates(state: memory.state, carried: memory.carried)
    }
  }
}
