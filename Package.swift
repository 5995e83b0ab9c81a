// swift-tools-version: 6.2
import PackageDescription

// MARK: - Settings

/// Modules with arithmetic in them are optimised in every configuration, so that a plain `swift run` is as fast as `-c release`.
/// AVX2 and FMA (x86-64-v3) are in every server processor since 2015; oneDNN picks its own instructions when it runs.
#if arch(x86_64)
  let instructionSet = ["-Xcc", "-march=x86-64-v3"]
#else
  let instructionSet: [String] = []
#endif
let optimised: [SwiftSetting] = [
  .unsafeFlags(["-O", "-disable-batch-mode", "-wmo", "-num-threads", "2"] + instructionSet, .when(configuration: .debug)),
  .unsafeFlags(instructionSet, .when(configuration: .release)),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// One study: the folder `Studies/<Name>` as the executable `study-<name>`, with the figure scripts that stand in it.
func study(_ name: String, figures: [String] = []) -> Target {
  .executableTarget(
    name: "study-" + name.lowercased(),
    dependencies: ["StudyKit", "VisualTasks", "RecurrentAttention", "ReferenceNetworks", "Training"],
    path: "Studies/" + name,
    exclude: figures,
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
    .target(name: "CGnuplot", cxxSettings: [.unsafeFlags(["-std=c++17"])], linkerSettings: [
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
        "CGnuplot", "NumericCore", "VisualTasks", "RecurrentAttention", "ReferenceNetworks", "Training",
        argumentParser,
      ],
      resources: [.copy("Figures")], swiftSettings: optimised),

    // MARK: Studies
    study("Baseline", figures: ["variance.gp"]),
    study("Centered"),
    study("Cluttered"),
    study("Glimpses", figures: ["error-by-multiply-adds.gp"]),
    study("Gradients"),
    study("Scaling", figures: ["cost-by-side.gp", "time-by-side.gp"]),
    study("Translated"),

    // MARK: Tests
    .testTarget(name: "NumericCoreTests", dependencies: ["NumericCore"], swiftSettings: optimised),
    .testTarget(name: "VisualTasksTests", dependencies: ["VisualTasks"], swiftSettings: optimised),
    .testTarget(name: "RecurrentAttentionTests", dependencies: ["RecurrentAttention"], swiftSettings: optimised),
    .testTarget(name: "ReferenceNetworksTests", dependencies: ["ReferenceNetworks"], swiftSettings: optimised),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "RecurrentAttention", "ReferenceNetworks"],
      swiftSettings: optimised),
    .testTarget(name: "StudyKitTests", dependencies: ["StudyKit"], swiftSettings: optimised),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
