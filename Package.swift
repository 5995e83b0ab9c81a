// swift-tools-version: 6.2
import Foundation
import PackageDescription

#if !os(Linux)
  #error("This package runs on Linux only: build it on Debian or Ubuntu, or in a container of one of them.")
#endif

// MARK: - Settings

/// Modules with arithmetic in them are optimised in every configuration, so that a plain `swift run` is as
/// fast as `-c release`. Every server processor since 2015 has AVX2 and FMA (x86-64-v3); oneDNN picks its
/// own instructions when it runs. On older processors, `CProcessor` ends the program with a sentence.
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

#if arch(x86_64)
  let kernelFlags = ["-O2", "-march=x86-64-v3"]
#else
  let kernelFlags = ["-O2"]
#endif

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The studies: the folder `Studies/<Name>` is the executable `study-<name>`. A new study is its folder and
/// its name here.
let studies = [
  "Annealing", "Baseline", "Bounds", "Catch", "Centered", "Cluttered", "Context", "Glimpses", "Gradients",
  "Recipe", "Scaling", "Stop", "Translated", "Zoom",
]

/// A study: its `main.swift`, what only it needs beside that, and its figure scripts, read when it draws.
func study(_ name: String) -> Target {
  let folder = Context.packageDirectory + "/Studies/" + name
  let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return .executableTarget(
    name: "study-" + name.lowercased(),
    dependencies: [
      "StudyKit", "AttentionStudies", "Worlds", "RecurrentAttention", "ReferenceNetworks", "Learning",
      "Autodiff", "Numerics",
    ],
    path: "Studies/" + name,
    exclude: files.filter { !$0.hasSuffix(".swift") }.sorted(),
    swiftSettings: optimised)
}

// MARK: - Package

let libraries = [
  "Numerics", "Autodiff", "Learning", "Worlds", "RecurrentAttention", "ReferenceNetworks", "StudyKit",
  "AttentionStudies",
]

let package = Package(
  name: "recurrent-visual-attention",
  products: libraries.map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // MARK: Bridges to C and C++
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .target(name: "CProcessor"),
    .target(
      name: "CGnuplot", cxxSettings: [.unsafeFlags(["-std=c++17"])],
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"), .linkedLibrary("boost_filesystem"),
      ]),

    // MARK: Kernels in C
    .target(name: "CConvolution", cSettings: [.unsafeFlags(kernelFlags)]),

    // MARK: Libraries: imports point upwards only
    .target(name: "Numerics", dependencies: ["COneDNN", "CProcessor"], swiftSettings: optimised),
    .target(
      name: "Autodiff", dependencies: ["Numerics", "COneDNN", "CConvolution"], swiftSettings: optimised),
    .target(name: "Learning", dependencies: ["Autodiff", "Numerics", "CZlib"], swiftSettings: optimised),
    .target(
      name: "Worlds", dependencies: ["Learning", "Numerics", "CZlib", "CPNG"],
      resources: [.copy("Digits/MNIST")],
      swiftSettings: optimised),
    .target(
      name: "RecurrentAttention", dependencies: ["Learning", "Autodiff", "Numerics"], swiftSettings: optimised
    ),
    .target(
      name: "ReferenceNetworks", dependencies: ["Learning", "Autodiff", "Numerics"], swiftSettings: optimised),
    .target(
      name: "StudyKit", dependencies: ["CGnuplot", "Learning", "Autodiff", "Numerics", argumentParser],
      resources: [.copy("Figures/Scripts")], swiftSettings: optimised),
    .target(
      name: "AttentionStudies",
      dependencies: [
        "StudyKit", "RecurrentAttention", "Worlds", "Learning",
      ],
      swiftSettings: optimised),

    // MARK: All studies at once, and the README's table
    .executableTarget(
      name: "reproduce",
      dependencies: ["StudyKit", "Learning", "look", "benchmark", argumentParser]
        + studies.map { .target(name: "study-" + $0.lowercased()) }),

    // MARK: The user's pictures, shown to a trained model
    .executableTarget(
      name: "look",
      dependencies: [
        "AttentionStudies", "StudyKit", "RecurrentAttention", "Worlds", "Learning", argumentParser,
      ],
      resources: [.copy("Scripts")], swiftSettings: optimised),

    // MARK: Speed beside the machine's limit and beside other frameworks
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "Numerics", "Autodiff", "Learning", "Worlds", "RecurrentAttention", "ReferenceNetworks", "StudyKit",
        argumentParser,
      ],
      path: "Benchmarks", exclude: ["README.md", "peers", "training-rate.gp"], swiftSettings: optimised),

    // MARK: Tests
    .target(name: "TestProcesses", path: "Tests/TestProcesses"),
    .testTarget(
      name: "NumericsTests", dependencies: ["TestProcesses", "Numerics"], swiftSettings: optimised),
    .testTarget(
      name: "AutodiffTests", dependencies: ["TestProcesses", "Autodiff", "Numerics"],
      swiftSettings: optimised),
    .testTarget(
      name: "LearningTests",
      dependencies: [
        "CAllocator", "TestProcesses", "Learning", "Autodiff", "Numerics", "RecurrentAttention",
        "ReferenceNetworks",
      ],
      swiftSettings: optimised),
    .target(name: "CAllocator", path: "Tests/CAllocator"),
    .testTarget(
      name: "WorldsTests", dependencies: ["HostileInput", "Worlds", "Learning", "Numerics"],
      swiftSettings: optimised),
    .testTarget(
      name: "RecurrentAttentionTests",
      dependencies: ["TestProcesses", "RecurrentAttention", "Learning", "Autodiff", "Numerics", "Worlds"],
      swiftSettings: optimised),
    .testTarget(
      name: "ReferenceNetworksTests",
      dependencies: ["ReferenceNetworks", "Learning", "Autodiff", "Numerics"], swiftSettings: optimised),
    .testTarget(
      name: "StudyKitTests", dependencies: ["TestProcesses", "StudyKit", "Learning", "Autodiff", "Numerics"],
      swiftSettings: optimised),
    .testTarget(
      name: "AttentionStudiesTests",
      dependencies: ["AttentionStudies", "StudyKit", "RecurrentAttention", "Learning", "Numerics", "Worlds"],
      swiftSettings: optimised),
    .testTarget(
      name: "BaselineStudyTests",
      dependencies: [
        "study-baseline", "AttentionStudies", "RecurrentAttention", "Learning", "Autodiff", "Numerics",
        "Worlds",
      ],
      swiftSettings: optimised),
    // Links and quoted lines of the pages.
    .testTarget(name: "DocumentationTests"),
    .testTarget(
      name: "StopStudyTests", dependencies: ["study-stop", "RecurrentAttention"], swiftSettings: optimised),
    .testTarget(
      name: "BoundsStudyTests",
      dependencies: [
        "study-bounds", "AttentionStudies", "RecurrentAttention", "Learning", "Numerics", "Worlds",
      ],
      swiftSettings: optimised),
    .testTarget(
      name: "ZoomStudyTests", dependencies: ["study-zoom", "RecurrentAttention", "StudyKit"],
      swiftSettings: optimised),
    // The sentences that several studies make of their tables.
    .testTarget(
      name: "FindingsTests",
      dependencies: ["AttentionStudies", "StudyKit", "RecurrentAttention", "Learning", "Worlds"]
        + ["baseline", "bounds", "catch", "context", "glimpses", "recipe", "scaling", "stop", "zoom"].map {
          .target(name: "study-" + $0)
        }, swiftSettings: optimised),
    .testTarget(name: "ReproduceTests", dependencies: ["reproduce", "StudyKit"]),
    .testTarget(
      name: "BenchmarkTests", dependencies: ["benchmark", "RecurrentAttention", "Worlds"],
      swiftSettings: optimised),
    // Damaged files for whatever reads files, in the tests and for as long as one likes.
    .target(
      name: "HostileInput", dependencies: ["CZlib", "StudyKit", "Learning", "Worlds", "Numerics"],
      path: "Tests/HostileInput", swiftSettings: optimised),
    .executableTarget(
      name: "fuzz-readers", dependencies: ["HostileInput", argumentParser], path: "Tests/FuzzReaders"),
    .testTarget(
      name: "HostileInputTests", dependencies: ["HostileInput", "Learning", "Worlds"],
      swiftSettings: optimised),
    // Runs the real executable.
    .testTarget(
      name: "StudyProcessTests",
      dependencies: [
        "HostileInput", "TestProcesses", "StudyKit", "Learning", "study-cluttered", "reproduce", "look",
      ]),
  ] + studies.map(study),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
