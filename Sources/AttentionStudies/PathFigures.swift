import StudyKit

extension Study {
  /// Draws `glimpse-animation` with a caption that explains its signs.
  ///
  /// - Parameters:
  ///   - model: the model that `writePaths` followed.
  ///   - subject: the title of its part, where the study has several.
  public func drawAnimation(
    of model: Condition, at scenes: String, part: String? = nil, title subject: String? = nil
  ) throws {
    try draw(
      "glimpse-animation", of: [model], part: part, title: subject,
      caption:
        "\(subject.map { "\($0): how" } ?? "How") `\(model.name)` looks at \(scenes), glimpse by glimpse: its patches in green, "
        + "its path in yellow, what it saw, and how probable each class is then. The right class is in the box. Only the "
        + "answer after the last glimpse is trained, so earlier ones may be wrong about what was already seen."
    )
  }
}
