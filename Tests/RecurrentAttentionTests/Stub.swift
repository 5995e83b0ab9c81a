import Testing
@testable import RecurrentAttention
