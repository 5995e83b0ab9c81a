// swift-tools-version: 6.2
import PackageDescription

/// As in the package itself: arithmetic is optimised in every configuration. It is not compiled for x86-64-v3, so its loops
/// have narrower registers.
let optimised: [SwiftSetting] = [
  .unsafeFlags(["-O", "-disable-batch-mode", "-wmo", "-num-threads", "2"], .when(configuration: .debug))
]

func library(_ name: String) -> Target.Dependency { .product(name: name, package: package) }
/// The extended package is identified by the name of its folder.
let package = Context.packageDirectory.split(separator: "/").dropLast(2).last.map(String.init) ?? ""
let libraries = ["Learning", "RecurrentAttention", "Worlds", "Autodiff", "Numerics"].map(library)

let extensions = Package(
  name: "extensions",
  dependencies: [.package(path: "../..")],
  targets: [
    .target(name: "Extensions", dependencies: libraries, swiftSettings: optimised),
    .executableTarget(
      name: "study-extensions", dependencies: ["Extensions", library("StudyKit")] + libraries,
      path: "Studies/Extensions", exclude: ["error-by-digit.gp"], swiftSettings: optimised),
    .testTarget(
      name: "ExtensionsTests", dependencies: ["Extensions"] + libraries, swiftSettings: optimised),
  ],
  swiftLanguageModes: [.v6]
)
