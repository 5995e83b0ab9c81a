import Autodiff
import Foundation
import Numerics

extension Checkpoint {
  /// The name of the learner's state among the tensors.
  static let stateName = "state"

  /// What a learner has learned: its tensors and its state, without the optimizer's moments.
  public init(weightsOf learner: any Learner, metadata: [String: String]) {
    var tensors = learner.parameters.tensors.map { parameter in
      let values = UnsafeBufferPointer(start: learner.parameters[parameter].pointer, count: parameter.count)
      return (name: parameter.name, shape: [parameter.rows, parameter.columns], values: Array(values))
    }
    if !learner.state.isEmpty { tensors.append((Self.stateName, [learner.state.count], learner.state)) }
    self.init(metadata: metadata, tensors: tensors)
  }

  /// Gives a learner the weights of another one of the same network.
  ///
  /// - Throws: `FileError` when a tensor is missing or has another shape; the learner is then as it was.
  public func restoreWeights(of learner: any Learner, from path: String) throws {
    let parameters = learner.parameters
    for (parameter, values) in zip(parameters.tensors, try weights(of: parameters, from: path)) {
      parameters[parameter].pointer.update(from: values, count: parameter.count)
    }
    learner.state = tensors.first { $0.name == Self.stateName }?.values ?? []
    parameters.refreshCopies()
  }

  /// The numbers of every parameter.
  fileprivate func weights(of parameters: Parameters, from path: String) throws -> [[Float]] {
    try parameters.tensors.map { try values(of: $0.name, like: $0, from: path) }
  }

  /// The numbers of a tensor that has the shape of a parameter.
  fileprivate func values(of name: String, like parameter: Parameter, from path: String) throws -> [Float] {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw Self.unfit(path, "it has no tensor '\(name)'")
    }
    let shape = [parameter.rows, parameter.columns]
    guard tensor.shape == shape else {
      throw Self.unfit(path, "'\(name)' is \(tensor.shape), not \(shape)")
    }
    return tensor.values
  }

  fileprivate static func unfit(_ path: String, _ what: String) -> FileError {
    FileError(
      path: path, reason: "this file does not fit this run: \(what)",
      cure:
        "take the file of this network on this world, restore it with 'git restore', or start again with --fresh"
    )
  }
}

extension Trainer {
  /// Everything that training needs to resume as if it had never stopped.
  public func checkpoint(metadata: [String: String] = [:]) throws -> Checkpoint {
    let parameters = learner.parameters
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let own = [
      "step": String(step), "updates": String(optimizer.updates),
      "sums": String(decoding: try encoder.encode(sums), as: UTF8.self),
    ]
    var checkpoint = Checkpoint(weightsOf: learner, metadata: metadata.merging(own) { $1 })
    for (index, moment) in settings.updateRule.moments.enumerated() {
      for parameter in parameters.tensors {
        let memory = optimizer.moments[index] + (parameters[parameter].pointer - parameters.flat)
        checkpoint.tensors.append(
          (
            "optimizer.\(moment).\(parameter.name)", [parameter.rows, parameter.columns],
            Array(UnsafeBufferPointer(start: memory, count: parameter.count))
          ))
      }
    }
    return checkpoint
  }

  /// Resumes from a checkpoint.
  ///
  /// - Throws: `FileError` when a tensor is missing or has another shape; the training is then where it was.
  public func restore(_ checkpoint: Checkpoint, from path: String) throws {
    let metadata = checkpoint.metadata
    guard let step = metadata["step"].flatMap({ Int($0) }),
      let updates = metadata["updates"].flatMap({ Int($0) }), step >= 0, updates >= 0,
      let sums = try? JSONDecoder().decode(EpochSums.self, from: Data((metadata["sums"] ?? "").utf8))
    else { throw Checkpoint.unfit(path, "it does not say how far the training was") }
    let parameters = learner.parameters
    // Everything is there, or nothing is changed.
    _ = try checkpoint.weights(of: parameters, from: path)
    let moments = try settings.updateRule.moments.map { moment in
      try parameters.tensors.map {
        try checkpoint.values(of: "optimizer.\(moment).\($0.name)", like: $0, from: path)
      }
    }
    try checkpoint.restoreWeights(of: learner, from: path)
    for (index, tensors) in moments.enumerated() {
      for (parameter, values) in zip(parameters.tensors, tensors) {
        let memory = optimizer.moments[index] + (parameters[parameter].pointer - parameters.flat)
        memory.update(from: values, count: parameter.count)
      }
    }
    optimizer.updates = updates
    (self.step, self.sums) = (step, sums)
  }
}
