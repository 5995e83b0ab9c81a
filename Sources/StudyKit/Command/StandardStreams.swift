import ArgumentParser
@preconcurrency import Foundation
import Learning

/// First thing in a program: what must hold before it opens a file or writes a line.
package func prepareProcess() {
  // A file must not get the number of a standard stream that the caller has closed, or progress would be written into it.
  for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
  // A reader that is gone, as in `| head`, and a limit on the size of files are errors of a write. A program in the
  // background may write to its terminal.
  for number in [SIGPIPE, SIGXFSZ, SIGTTOU] { signal(number, SIG_IGN) }
  unsetenv("GNUTERM")  // the user's terminal of gnuplot, which ours may lack
}

/// A line on standard error. One that cannot be written, on a full disk, must not end the program.
package func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

/// Checks at the end of a program that everything it has printed was written.
///
/// - Throws: `FileError` when it was not, as on a full disk.
package func checkStandardOutput() throws {
  guard fflush(stdout) != 0 || ferror(stdout) != 0 else { return }
  throw FileError(path: "standard output", action: "could not be written", errno: errno)
}

/// Runs a program that is not a study. An error is printed after the program's name, and ends it with a status other than 0.
package func runProgram(
  _ name: String, status: (any Error) -> Int32 = { _ in 1 }, _ body: () throws -> Void
) throws {
  prepareProcess()
  do {
    try body()
    try checkStandardOutput()
  } catch {
    say("\(name): \(error)")
    throw ExitCode(status(error))
  }
}
