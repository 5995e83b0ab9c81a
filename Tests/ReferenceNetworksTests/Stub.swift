import Testing
@testable import ReferenceNetworks
