// swift-tools-version: 6.2
import Foundation
import PackageDescription

// MARK: - Settings

/// Modules with arithmetic in them are optimised in every configuration, so that a plain `swift run` is as
/// fast as `-c release`. AVX2 and FMA (x86-64-v3) are in every server processor since 2015; oneDNN picks its
/// own instructions when it runs.
#if arch(x86_64)
  let instructionSet = ["-Xcc", "-march=x86-64-v3"]
#else
  let instructionSet: [String] = []
#endif
let optimised: [SwiftSetting] = [
  .unsafeFlags(
    ["-O", "-disable-batch-mode", "-wmo", "-num-threads", "2"] + instructionSet, .when(configuration: .debug)),
  .unsafeFlags(instructionSet, .when(configuration: .release)),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The studies: the folder `Studies/<Name>` is the executable `study-<name>`. A new study is its folder and
/// its name here.
let studies = [
  "Baseline", "Catch", "Centered", "Cluttered", "Glimpses", "Gradients", "Scaling", "Translated",
]

/// A study's main file; the figure scripts beside it are read when it draws.
func study(_ name: String) -> Target {
  let folder = Context.packageDirectory + "/Studies/" + name
  let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return .executableTarget(
    name: "study-" + name.lowercased(),
    dependencies: ["StudyKit", "VisualTasks", "RecurrentAttention", "ReferenceNetworks", "Training"],
    path: "Studies/" + name,
    exclude: files.filter { $0 != "main.swift" }.sorted(),
    sources: ["main.swift"],
    swiftSettings: optimised)
}

// MARK: - Package

let package = Package(
  name: "recurrent-visual-attention",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // MARK: Bridges to C and C++
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CGnuplot", cxxSettings: [.unsafeFlags(["-std=c++17"])],
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"), .linkedLibrary("boost_filesystem"),
      ]),

    // MARK: Library
    .target(name: "NumericCore", dependencies: ["COneDNN"], swiftSettings: optimised),
    .target(
      name: "VisualTasks", dependencies: ["NumericCore", "CZlib"], resources: [.copy("MNIST")],
      swiftSettings: optimised),
    .target(name: "RecurrentAttention", dependencies: ["NumericCore"], swiftSettings: optimised),
    .target(name: "ReferenceNetworks", dependencies: ["NumericCore"], swiftSettings: optimised),
    .target(name: "Training", dependencies: ["NumericCore", "VisualTasks"], swiftSettings: optimised),
    .target(
      name: "StudyKit",
      dependencies: [
        "CGnuplot", "CZlib", "NumericCore", "VisualTasks", "RecurrentAttention", "ReferenceNetworks",
        "Training", argumentParser,
      ],
      resources: [.copy("Figures")], swiftSettings: optimised),

    // MARK: All studies at once, and the README's table
    .executableTarget(
      name: "reproduce",
      dependencies: ["StudyKit", "Training", argumentParser]
        + studies.map { .target(name: "study-" + $0.lowercased()) }),

    // MARK: Speed beside the machine's limit and beside other frameworks
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "NumericCore", "VisualTasks", "RecurrentAttention", "ReferenceNetworks", "Training", "StudyKit",
        argumentParser,
      ],
      path: "Benchmarks", exclude: ["README.md", "peers", "training-rate.gp"], swiftSettings: optimised),

    // MARK: Tests
    .testTarget(name: "NumericCoreTests", dependencies: ["NumericCore"], swiftSettings: optimised),
    .testTarget(
      name: "VisualTasksTests", dependencies: ["HostileInput", "VisualTasks"], swiftSettings: optimised),
    .testTarget(
      name: "RecurrentAttentionTests", dependencies: ["RecurrentAttention"], swiftSettings: optimised),
    .testTarget(
      name: "ReferenceNetworksTests", dependencies: ["ReferenceNetworks"], swiftSettings: optimised),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["CAllocator", "Training", "RecurrentAttention", "ReferenceNetworks"],
      swiftSettings: optimised),
    .target(name: "CAllocator", path: "Tests/CAllocator"),
    .testTarget(name: "StudyKitTests", dependencies: ["StudyKit"], swiftSettings: optimised),
    .testTarget(name: "BenchmarkTests", dependencies: ["benchmark"], swiftSettings: optimised),
    // Damaged files for whatever reads files, in the tests and for as long as one likes.
    .target(
      name: "HostileInput", dependencies: ["CZlib", "NumericCore", "StudyKit", "Training", "VisualTasks"],
      path: "Tests/HostileInput", swiftSettings: optimised),
    .executableTarget(
      name: "fuzz-readers", dependencies: ["HostileInput", argumentParser], path: "Tests/FuzzReaders"),
    .testTarget(
      name: "HostileInputTests", dependencies: ["HostileInput", "Training", "VisualTasks"],
      swiftSettings: optimised),
    // Runs the real executable.
    .testTarget(name: "StudyProcessTests", dependencies: ["study-cluttered"]),
  ] + studies.map(study),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
