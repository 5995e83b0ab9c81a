import Foundation
import TestProcesses
import Testing

@testable import StudyKit

@Test(
  "where a caller has closed standard error, no file gets its number, into which progress would be written",
  .promptly)
func closedStreams() async {
  await #expect(processExitsWith: .success) {
    close(STDERR_FILENO)
    prepareProcess()
    exit(open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 1)
  }
}
