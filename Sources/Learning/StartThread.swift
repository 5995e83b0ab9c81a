import Foundation

/// Starts a thread. Foundation's `Thread` does not tell when the system refuses one, as in a container with a limit of
/// processes.
///
/// - Parameter stackSize: bytes; ours: as much as a program's first thread usually has.
/// - Throws: `FileError` when there can be no more threads.
package func startThread(
  _ name: String, stackSize: Int = 8 << 20, _ body: @escaping @Sendable () -> Void
) throws {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, stackSize)
  let work = Unmanaged.passRetained(ThreadBody(run: body))
  var thread = pthread_t()
  let status = pthread_create(
    &thread, &attributes,
    { work in
      work.map { Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run() }
      return nil
    }, work.toOpaque())
  guard status == 0 else {
    work.release()
    throw FileError(path: name, action: "this thread could not be started", errno: status)
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}
