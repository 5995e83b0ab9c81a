import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: running trainings finish their step, write a checkpoint and end.
enum StopSignal {
  private static let caught = Atomic<Int32>(0)

  static func install() {
    // Who started us may have had them blocked (threads of a dispatch queue have), and a mask is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        // A second one means at once.
        if StopSignal.caught.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
  }

  static var isSet: Bool { caught.load(ordering: .relaxed) != 0 }
  /// 130 for Ctrl-C, 143 for SIGTERM, as shells have it.
  static var exitStatus: Int32 { 128 + caught.load(ordering: .relaxed) }
}
