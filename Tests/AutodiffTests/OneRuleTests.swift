import Autodiff
import Numerics
import Testing

/// y = a x² with a trained factor for every column, written with what is public: values forward, `+=` backward.
private final class ScaledSquare: Operation {
  let x: Variable
  let y: Variable
  let factor: Parameter
  let parameters: Parameters
  /// Steps that forward was called for.
  var calls: [Int] = []

  init(_ x: Variable, _ y: Variable, _ factor: Parameter, _ parameters: Parameters) {
    (self.x, self.y, self.factor, self.parameters) = (x, y, factor, parameters)
  }

  func forward(step: Int) {
    calls.append(step)
    let (input, output, a) = (x.value(at: step), y.value(at: step), parameters[factor])
    for row in 0..<input.rows {
      for j in 0..<input.columns { output[row, j] = a[0, j] * input[row, j] * input[row, j] }
    }
  }

  func backward(into gradients: GradientBuffer) {
    guard let dx = x.allGradients, let dy = y.allGradients else { return }
    let (input, a, da) = (x.allValues, parameters[factor], gradients[factor])
    for row in 0..<dy.rows {
      for j in 0..<dy.columns {
        dx[row, j] += 2 * a[0, j] * input[row, j] * dy[row, j]
        da[0, j] += input[row, j] * input[row, j] * dy[row, j]
      }
    }
  }
}

/// y = x W, whose derivatives are added as products.
private final class Map: Operation {
  let (x, y, weight, graph): (Variable, Variable, Parameter, Graph)

  init(_ x: Variable, _ y: Variable, _ weight: Parameter, _ graph: Graph) {
    (self.x, self.y, self.weight, self.graph) = (x, y, weight, graph)
  }

  func forward(step: Int) {
    graph.products.multiply(x.value(at: step), graph.parameters[weight], into: y.value(at: step))
  }

  func backward(into gradients: GradientBuffer) {
    guard let dy = y.allGradients, let transposed = graph.parameters.transposed(weight) else { return }
    gradients.add(x.allValues.transposed, dy, to: weight)
    x.accumulate(dy, transposed)
  }
}

@Suite("An operation's author writes values forward and += backward")
struct OneRuleTests {
  private let parameters: Parameters
  private let factor: Parameter
  private let weight: Parameter
  private let graph: Graph
  private let x: Variable

  init() {
    parameters = Parameters()
    factor = parameters.declare("factor", rows: 1, columns: 3)
    weight = parameters.declare("weight", rows: 3, columns: 3, keepsTransposedCopy: true)
    fill(parameters, seed: 101)
    graph = Graph(steps: 4, batch: 2, parameters: parameters)
    x = leaf(graph, columns: 7, seed: 102)
    // What stood there before must not matter.
    if let stale = x.allGradients { fill(stale, seed: 103, bound: 100) }
  }

  private func squared(_ x: Variable) -> (y: Variable, operation: ScaledSquare) {
    let y = graph.variable(columns: 3, steps: x.steps)
    let operation = ScaledSquare(x, y, factor, parameters)
    graph.append(operation, steps: y.steps)
    return (y, operation)
  }

  private func mapped(_ x: Variable) -> Variable {
    let y = graph.variable(columns: 3, steps: x.steps)
    graph.append(Map(x, y, weight, graph), steps: y.steps)
    return y
  }

  @Test("whatever reads an input, and however often: gradients are central differences")
  func usedTwice() {
    let half = x.columns(0..<3)
    let probes = [
      graph.probe(squared(half).y, seed: 104), graph.probe(mapped(half), seed: 105),
      graph.probe(mapped(squared(half).y), seed: 106), graph.probe(half, seed: 107),
    ]
    expectGradients(in: graph, inputs: [half], h: 0x1p-7) { probes.reduce(0) { $0 + $1.loss } }
  }

  @Test("whatever steps an operation has: forward is called for these, and others get no gradient")
  func someSteps() {
    let (early, late) = (squared(x.columns(2..<5).during(1..<3)), mapped(x.columns(2..<5).during(2..<4)))
    let probes = [graph.probe(early.y, seed: 108), graph.probe(late, seed: 109)]
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) { probes.reduce(0) { $0 + $1.loss } }
    #expect(early.operation.calls.allSatisfy { (1..<3).contains($0) })
    let unread = x.gradient(at: 0)
    for row in 0..<2 { #expect((0..<7).allSatisfy { unread?[row, $0] == 0 }) }
  }

  @Test("whichever columns of a wider variable it reads: gradients are central differences, of others zero")
  func someColumns() {
    let probes = [
      graph.probe(squared(x.columns(0..<3)).y, seed: 110), graph.probe(mapped(x.columns(2..<5)), seed: 111),
    ]
    expectGradients(in: graph, inputs: [x], h: 0x1p-7) { probes.reduce(0) { $0 + $1.loss } }
    let gradient = x.allGradients
    for row in 0..<8 { #expect(gradient?[row, 5] == 0 && gradient?[row, 6] == 0) }
  }

  @Test("whatever writes into its columns: a gradient passes through to each")
  func writtenInParts() {
    let (left, right) = (x.columns(0..<3), x.columns(4..<7))
    let both = graph.variable(columns: 6)
    graph.append(ScaledSquare(left, both.columns(0..<3), factor, parameters))
    graph.append(Map(right, both.columns(3..<6), weight, graph))
    let probe = graph.probe(both, seed: 112)
    expectGradients(in: graph, inputs: [left, right], h: 0x1p-7) { probe.loss }
  }

  @Test("products and sums of rows, in any order: a tensor's gradient is what was added since the reset")
  func addedInParts() {
    prepareThreadForArithmetic()
    let arena = Arena()
    for columns in [3, 20] {  // of few columns the transpose is computed
      let parameters = Parameters()
      let weight = parameters.declare("weight", rows: 5, columns: columns)
      let gradients = GradientBuffer(for: parameters)
      let a = Matrix(arena.take(count: 40), rows: 8, columns: 5)
      let b = Matrix(arena.take(count: 8 * columns), rows: 8, columns: columns)
      fill(a, seed: 113)
      fill(b, seed: 114)
      func columnsOfA(_ range: Range<Int>) -> Matrix {
        Matrix(a.pointer + range.lowerBound, rows: 8, columns: range.count, stride: 5)
      }
      for order in [[0..<2, 2..<5], [2..<5, 0..<2], [0..<2], [0..<5, 2..<5], [0..<2, 1..<4]] {
        gradients[weight].pointer.update(repeating: 9, count: weight.count)
        gradients.reset()
        for rows in order { gradients.add(columnsOfA(rows).transposed, b, to: weight, rows: rows) }
        gradients.clearUntouched()
        for i in 0..<5 {
          for j in 0..<columns {
            let product = (0..<8).reduce(0.0) { $0 + Double(a[$1, i]) * Double(b[$1, j]) }
            let expected = Double(order.count { $0.contains(i) }) * product
            // Eight terms below 1, twice.
            #expect(abs(Double(gradients[weight][i, j]) - expected) < 16 * 0x1p-21, "\(order)")
          }
        }
      }
    }
  }
}
