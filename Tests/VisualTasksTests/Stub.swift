import Testing
@testable import VisualTasks
