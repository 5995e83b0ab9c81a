// The machine's limit: the best rate that products of matrices reach, when nothing else is done.

import Learning
import Numerics

/// A product [rows, inner] [inner, columns].
struct ProductShape: Equatable, Sendable {
  var rows: Int
  var inner: Int
  var columns: Int

  var operations: Double { 2 * Double(rows) * Double(inner) * Double(columns) }

  /// Shapes like the model's at its batches and shards, forward and for weight gradients, and larger ones.
  static let all = [
    (20, 256, 256), (32, 256, 256), (32, 512, 256), (64, 512, 256), (128, 256, 256), (128, 512, 256),
    (128, 432, 128), (256, 192, 256), (512, 768, 256), (256, 512, 512), (1024, 256, 256), (1024, 512, 512),
    (1024, 1024, 1024),
  ].map { ProductShape(rows: $0, inner: $1, columns: $2) }
}

/// Products of one shape after the other, by every thread of a pool at once, each with matrices of its own.
final class ProductLimit: ParallelWork {
  private let pool: WorkerPool
  private let arena = Arena()
  private let operands: [(a: Matrix, b: Matrix, c: Matrix)]
  private let rates: UnsafeMutablePointer<Double>  // one per thread
  private var shape = 0
  private var seconds = 0.0

  init(threads: Int) throws {
    pool = try WorkerPool(threads: threads)
    let arena = arena
    let shapes = ProductShape.all
    var operands: [(a: Matrix, b: Matrix, c: Matrix)] = []
    for _ in 0..<threads {
      for shape in shapes {
        func matrix(_ rows: Int, _ columns: Int) -> Matrix {
          let memory = arena.take(Float.self, count: rows * columns)
          for i in 0..<(rows * columns) { memory[i] = Float(i % 17) * 0.01 }
          return Matrix(memory, rows: rows, columns: columns)
        }
        operands.append(
          (
            matrix(shape.rows, shape.inner), matrix(shape.inner, shape.columns),
            matrix(shape.rows, shape.columns)
          ))
      }
    }
    self.operands = operands
    rates = arena.take(count: threads)
  }

  deinit { pool.close() }

  /// - Parameter seconds: of all shapes together.
  func measure(seconds: Double) -> ProductRates {
    self.seconds = seconds / Double(ProductShape.all.count)
    return ProductRates(
      gigaflops: ProductShape.all.indices.map { shape in
        self.shape = shape
        pool.run(self)
        return (0..<pool.threads).reduce(0) { $0 + rates[$1] }
      })
  }

  func perform(worker: Int, of workers: Int) {
    let (a, b, c) = operands[worker * ProductShape.all.count + shape]
    multiply(a, b, into: c)
    let burst = Burst(seconds: seconds, images: 1) { multiply(a, b, into: c) }
    rates[worker] = ProductShape.all[shape].operations / (burst.medianMs * 1e6)
  }
}
