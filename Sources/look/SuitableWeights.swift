import Learning
import RecurrentAttention

extension TrainedWeights {
  /// Refuses weights whose model cannot look at the user's picture, and says which to take instead.
  ///
  /// - Throws: `FileError`.
  func checkThatItLooks() throws {
    func refuse(_ reason: String, _ advice: String = "") -> FileError {
      FileError(
        path: path, reason: reason,
        cure: advice
          + "take weights such as Results/cluttered/paper/weights/ram-8-seed1.safetensors, or leave out "
          + "--weights")
    }
    let (network, world) = (try network(), try world())
    guard network.kind == RecurrentAttention.kind else {
      throw refuse("this network, \(network.kind), sees the whole picture at once and takes no glimpses")
    }
    guard world.kind != "catch" else {
      throw refuse(
        "this model plays Catch and classifies nothing that it sees",
        "to watch it play, open the games.gif that 'swift run study-catch --figures-only' draws, and for a picture "
      )
    }
    guard world.isKnownWorld else {
      throw refuse("this model was trained on '\(world.kind)', which is not part of this package")
    }
    guard let (part, kind) = try KnownParts().missingPart(of: network) else { return }
    switch kind {
    case "oracle":
      throw refuse("this model was told where the digit is, which is not known for your picture")
    case "lattice":
      throw refuse(
        "this model looks at the same places in every picture, and only study-bounds has that gaze")
    default: throw refuse("this model's \(part), '\(kind)', is not part of this package")
    }
  }
}
