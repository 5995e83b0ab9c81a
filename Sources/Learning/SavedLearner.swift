import Autodiff
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
  /// - Throws: `FileError` when a tensor is missing or has another shape.
  public func restoreWeights(of learner: any Learner, from path: String) throws {
    for parameter in learner.parameters.tensors {
      try copy(parameter.name, parameter, into: learner.parameters[parameter].pointer, from: path)
    }
    learner.state = tensors.first { $0.name == Self.stateName }?.values ?? []
    learner.parameters.refreshCopies()
  }

  fileprivate func copy(
    _ name: String, _ parameter: Parameter, into memory: UnsafeMutablePointer<Float>, from path: String
  ) throws {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw Self.unfit(path, "it has no tensor '\(name)'")
    }
    let shape = [parameter.rows, parameter.columns]
    guard tensor.shape == shape else {
      throw Self.unfit(path, "'\(name)' is \(tensor.shape), not \(shape)")
    }
    memory.update(from: tensor.values, count: parameter.count)
  }

  fileprivate static func unfit(_ path: String, _ what: String) -> FileError {
    FileError(
      path: path, reason: "this file does not fit this run: \(what)",
      cure: "restore it with 'git restore', or start again with --fresh")
  }
}

extension Trainer {
  /// Everything that training needs to resume as if it had never stopped.
  public func checkpoint(metadata: [String: String]) -> Checkpoint {
    let parameters = learner.parameters
    var checkpoint = Checkpoint(
      weightsOf: learner,
      metadata: metadata.merging(["step": String(step), "updates": String(optimizer.updates)]) { $1 })
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
  /// - Throws: `FileError` when a tensor is missing or has another shape.
  public func restore(_ checkpoint: Checkpoint, from path: String) throws {
    guard let step = checkpoint.metadata["step"].flatMap({ Int($0) }),
      let updates = checkpoint.metadata["updates"].flatMap({ Int($0) }), step >= 0, updates >= 0
    else { throw Checkpoint.unfit(path, "it does not say how far the training was") }
    try checkpoint.restoreWeights(of: learner, from: path)
    let parameters = learner.parameters
    for (index, moment) in settings.updateRule.moments.enumerated() {
      for parameter in parameters.tensors {
        let memory = optimizer.moments[index] + (parameters[parameter].pointer - parameters.flat)
        try checkpoint.copy("optimizer.\(moment).\(parameter.name)", parameter, into: memory, from: path)
      }
    }
    optimizer.updates = updates
    self.step = step
  }
}
