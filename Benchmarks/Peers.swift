// The frameworks on this machine, and how to run each of them at its best.

import Foundation
import Learning
import RecurrentAttention
import ReferenceNetworks
import StudyKit

/// A framework's interpreter, and the folder of the scripts.
struct Peers: Sendable {
  let folder: String
  /// Interpreters by module: "torch", "jax".
  let interpreters: [String: String]

  /// Asks the interpreters in order. The first one that has a module runs it.
  init(interpreters paths: [String], folder: String) throws {
    guard FileManager.default.fileExists(atPath: folder + "/serving.py") else {
      throw FileError(
        path: folder, reason: "holds no serving.py",
        cure: "name the folder of the peers' scripts with --peers")
    }
    self.folder = folder
    var found: [String: String] = [:]
    for path in paths {
      for module in ["torch", "jax"] where found[module] == nil {
        // A folder of that name beside the caller counts as a package, but has no origin.
        let question =
          "import importlib.util as u, sys; print(sys.executable if getattr(u.find_spec('\(module)'), 'origin', 0) else '')"
        if let answer = Command.output([path, "-c", question]), !answer.isEmpty { found[module] = answer }
      }
    }
    self.interpreters = found
  }

  /// The peers that run a network.
  func commands(for subject: Subject, batch: Int, threads: Int, works: [Work]) -> [ContenderCommand] {
    let works = works.filter { $0 == .training || $0 == .evaluation }.map(\.rawValue).joined(separator: ",")
    guard !works.isEmpty else { return [] }
    let common =
      ["--side", "\(subject.side)", "--batch", "\(batch)", "--threads", "\(threads)", "--works", works]
    var commands: [ContenderCommand] = []
    func add(_ name: String, _ module: String, _ script: String, _ arguments: [String]) {
      guard let interpreter = interpreters[module] else { return }
      commands.append(
        ContenderCommand(
          name: name, executable: interpreter, arguments: [folder + "/" + script] + common + arguments,
          environment: module == "torch" ? Self.torchEnvironment : [:]))
    }
    func addReference(_ name: String, units: Int) {
      let shape = ["--network", name, "--units", "\(units)"]
      add("torch-compile", "torch", "torch_reference.py", shape + ["--compile"])
      add("torch-eager", "torch", "torch_reference.py", shape)
    }
    switch subject.network {
    case let model as RecurrentAttention:
      guard let retina = model.sensor as? Retina else { break }
      let shape = [
        "--patch", "\(retina.patchSide)", "--scales", "\(retina.scales)", "--glimpses", "\(model.glimpses)",
      ]
      add("torch-compile", "torch", "torch_attention.py", shape + ["--compile"])
      add("torch-eager", "torch", "torch_attention.py", shape)
      add("jax", "jax", "jax_attention.py", shape)
    case let network as Convolutional: addReference("conv", units: network.units)
    case let network as FullyConnected: addReference("fc", units: network.units)
    default: break
    }
    return commands
  }

  /// What makes PyTorch faster on a CPU: threads that stay on their core, and tcmalloc where it is installed.
  private static var torchEnvironment: [String: String] {
    var environment = ["OMP_PROC_BIND": "close"]
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
    let library = folders.map { $0 + "/libtcmalloc_minimal.so.4" }.first(
      where: FileManager.default.fileExists(atPath:))
    if let library { environment["LD_PRELOAD"] = library }
    return environment
  }
}
