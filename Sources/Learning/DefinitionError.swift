import Foundation

/// An impossible definition: which setting of what, its value, and the cure, in one sentence.
public struct DefinitionError: Error, CustomStringConvertible, LocalizedError, Equatable {
  public let setting: String
  public let value: String
  public let problem: String
  public let cure: String

  /// "the retina's patch side is 7: a patch has an even side of 2 to 1024 pixels; choose one such as 8 or 12."
  public init(_ setting: String, _ value: Any, _ problem: String, cure: String) {
    self.setting = setting
    self.value = "\(value)"
    self.problem = problem
    self.cure = cure
  }

  public var description: String { "\(setting) is \(value): \(problem); \(cure)." }
  public var errorDescription: String? { description }
}
