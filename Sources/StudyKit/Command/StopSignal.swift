import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP: runs finish their step, write a checkpoint and end.
package enum StopSignal {
  private static let caught = Atomic<Int32>(0)
  package static let numbers = [SIGINT, SIGTERM, SIGHUP]

  static func install() {
    install { number in
      // A second signal ends the program at once.
      if StopSignal.caught.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
    }
  }

  /// Has all three signals call a function.
  package static func install(_ handler: @escaping @convention(c) (Int32) -> Void) {
    // The process that started us may have blocked them (as threads of a dispatch queue do), and a mask is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in numbers {
      var action = sigaction()
      sigaction(number, nil, &action)
      // Under 'nohup', the end of the terminal is ignored.
      let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
      if number == SIGHUP, isIgnored { continue }
      signal(number, handler)
    }
  }

  static var isSet: Bool { caught.load(ordering: .relaxed) != 0 }
  /// 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP, as in shells.
  static var exitStatus: Int32 { 128 + caught.load(ordering: .relaxed) }
}

/// For long measurements and analyses: ends them when somebody has asked the program to stop.
///
/// - Throws: after Ctrl-C, SIGTERM or SIGHUP.
public func throwIfStopped() throws {
  if StopSignal.isSet { throw Interruption() }
}

/// Somebody asked the program to stop.
struct Interruption: Error {}
