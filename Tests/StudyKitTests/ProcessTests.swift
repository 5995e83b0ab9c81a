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

@Test("the user's terminal of gnuplot draws none of our figures", .promptly)
func gnuplotTerminal() async {
  await #expect(processExitsWith: .success) {
    setenv("GNUTERM", "qt", 1)
    prepareProcess()
    exit(getenv("GNUTERM") == nil ? 0 : 1)
  }
}
