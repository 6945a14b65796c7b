// swift-tools-version: 6.2

import PackageDescription

/// Settings of every Swift target: the Swift 6 language mode and the three upcoming features that keep imports and
/// existentials explicit.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioConcurrencyHelpers = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

/// A target may import only targets above it in this list; there are no back edges.
let targets: [Target] = [
    .target(name: "LambdaModel", swiftSettings: swiftSettings),

    .target(name: "SampleEvents", dependencies: ["LambdaModel", crypto], swiftSettings: swiftSettings),
    .target(name: "ProjectTemplates", dependencies: ["LambdaModel"], swiftSettings: swiftSettings),

    // Needs libarchive's headers (Debian: libarchive-dev); the library itself is loaded when a zip is met.
    .target(name: "CLibArchive", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(
        name: "Archive",
        dependencies: ["LambdaModel", "CLibArchive", systemPackage],
        swiftSettings: swiftSettings
    ),

    // Needs Zydis's headers (Debian: libzydis-dev); the library itself is loaded when x86 code is decoded.
    .target(name: "CZydis", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(
        name: "Inspection",
        dependencies: ["LambdaModel", "Archive", "CZydis", subprocess, systemPackage, crypto],
        // It reads all the code of a program, which takes far too long without optimisation, for the tests as well.
        swiftSettings: swiftSettings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
    ),

    .target(
        name: "SAMTemplate",
        dependencies: ["LambdaModel", "Yams", "TOMLKit"],
        swiftSettings: swiftSettings
    ),
    .target(
        name: "FunctionBuild",
        dependencies: ["LambdaModel", "Archive", "Inspection", "TOMLKit", subprocess, systemPackage, crypto],
        swiftSettings: swiftSettings
    ),

    .target(name: "CLauncher"),
    .executableTarget(name: "apus-launcher", dependencies: ["CLauncher"]),
    .target(name: "Sandbox", dependencies: ["LambdaModel", "CLauncher"], swiftSettings: swiftSettings),

    .target(name: "HTTPServer", dependencies: [nioCore, nioPosix, nioHTTP1, deque], swiftSettings: swiftSettings),
    .target(
        name: "ExecutionEnvironment",
        dependencies: ["LambdaModel", "Sandbox", "HTTPServer", nioCore, nioPosix, nioHTTP1],
        swiftSettings: swiftSettings
    ),
    .target(
        name: "FunctionPool",
        dependencies: ["LambdaModel", "ExecutionEnvironment", nioCore, nioPosix, deque],
        swiftSettings: swiftSettings
    ),
    .target(
        name: "EmulatorFrontDoor",
        dependencies: [
            "LambdaModel", "Sandbox", "HTTPServer", "ExecutionEnvironment", "FunctionPool", nioCore, nioPosix, nioHTTP1,
        ],
        swiftSettings: swiftSettings
    ),

    // Needs SQLite's header (Debian: libsqlite3-dev).
    .target(name: "FunctionStore", dependencies: ["LambdaModel", grdb, systemPackage], swiftSettings: swiftSettings),
    .target(
        name: "AsyncInvocation",
        dependencies: ["LambdaModel", "ExecutionEnvironment", "FunctionStore", nioCore, nioPosix, deque],
        swiftSettings: swiftSettings
    ),
    .target(
        name: "InvokeAPI",
        dependencies: [
            "LambdaModel", "Archive", "HTTPServer", "ExecutionEnvironment", "FunctionPool", "FunctionStore",
            "AsyncInvocation", systemPackage, crypto, nioCore, nioPosix, nioHTTP1,
        ],
        swiftSettings: swiftSettings
    ),

    .target(name: "SourceWatch", dependencies: [nioConcurrencyHelpers], swiftSettings: swiftSettings),
    .target(
        name: "CommandProcess",
        dependencies: ["ExecutionEnvironment", nioConcurrencyHelpers, nioCore, nioPosix],
        swiftSettings: swiftSettings
    ),
    .target(
        name: "EmulatorCommand",
        dependencies: ["LambdaModel", "ExecutionEnvironment", "EmulatorFrontDoor", "CommandProcess", nioCore],
        swiftSettings: swiftSettings
    ),
    // Lets a static program start where there is no /proc.
    .target(name: "CStaticStart"),
    .executableTarget(
        name: "apus-rie",
        dependencies: [
            "LambdaModel", "EmulatorFrontDoor", "CommandProcess", "EmulatorCommand", "CStaticStart", nioCore,
        ],
        swiftSettings: swiftSettings
    ),

    // Runs instructions to see which of them this machine has.
    .target(name: "CCPUProbe"),
    .executableTarget(
        name: "apus",
        dependencies: [
            "LambdaModel", "SampleEvents", "ProjectTemplates", "Archive", "Inspection", "SAMTemplate", "FunctionBuild",
            "Sandbox",
            "ExecutionEnvironment", "FunctionPool", "EmulatorFrontDoor", "FunctionStore", "AsyncInvocation",
            "InvokeAPI", "HTTPServer", "SourceWatch",
            "CommandProcess", "EmulatorCommand",
            "CCPUProbe", argumentParser,
            nioConcurrencyHelpers,
            nioCore,
            nioPosix,
        ],
        swiftSettings: swiftSettings
    ),

    .testTarget(name: "LambdaModelTests", dependencies: ["LambdaModel"], swiftSettings: swiftSettings),
    .testTarget(
        name: "SampleEventsTests",
        dependencies: ["SampleEvents", "LambdaModel"],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "ProjectTemplatesTests",
        dependencies: ["ProjectTemplates", "LambdaModel"],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "ArchiveTests",
        dependencies: ["Archive", "CLibArchive", "LambdaModel"],
        swiftSettings: swiftSettings
    ),
    // Drives every reader of files with hostile bytes: for the property tests and the fuzz programs.
    .target(
        name: "InspectionExercise",
        dependencies: ["Inspection", "Archive", "LambdaModel"],
        path: "Tests/InspectionExercise",
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "InspectionTests",
        dependencies: ["Inspection", "InspectionExercise", "Archive", "LambdaModel", subprocess, systemPackage],
        swiftSettings: swiftSettings
    ),
    .testTarget(name: "SAMTemplateTests", dependencies: ["SAMTemplate", "LambdaModel"], swiftSettings: swiftSettings),
    .testTarget(
        name: "FunctionBuildTests",
        dependencies: ["FunctionBuild", "SAMTemplate", "Archive", "LambdaModel"],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "SandboxTests",
        dependencies: ["Sandbox", "CLauncher", "LambdaModel"],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "HTTPServerTests",
        dependencies: ["HTTPServer", nioCore, nioPosix, nioHTTP1, nioEmbedded],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "ExecutionEnvironmentTests",
        dependencies: [
            "ExecutionEnvironment", "HTTPServer", "Sandbox", "LambdaModel", nioCore, nioPosix, nioHTTP1, nioEmbedded,
        ],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "FunctionPoolTests",
        dependencies: ["FunctionPool", "ExecutionEnvironment", "Sandbox", "LambdaModel", nioCore, nioPosix],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "EmulatorFrontDoorTests",
        dependencies: [
            "EmulatorFrontDoor", "FunctionPool", "ExecutionEnvironment", "HTTPServer", "Sandbox", "LambdaModel",
            nioCore,
            nioPosix, nioHTTP1,
        ],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "FunctionStoreTests",
        dependencies: ["FunctionStore", "LambdaModel", grdb],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "AsyncInvocationTests",
        dependencies: [
            "AsyncInvocation", "ExecutionEnvironment", "FunctionStore", "LambdaModel", nioConcurrencyHelpers, nioCore,
            nioPosix,
        ],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "InvokeAPITests",
        dependencies: [
            "InvokeAPI", "FunctionPool", "FunctionStore", "AsyncInvocation", "ExecutionEnvironment", "HTTPServer",
            "LambdaModel", nioCore, nioPosix, nioHTTP1,
        ],
        swiftSettings: swiftSettings
    ),
    .testTarget(name: "SourceWatchTests", dependencies: ["SourceWatch"], swiftSettings: swiftSettings),
    .testTarget(name: "CommandProcessTests", dependencies: ["CommandProcess"], swiftSettings: swiftSettings),
    .testTarget(
        name: "EmulatorCommandTests",
        dependencies: ["EmulatorCommand", "EmulatorFrontDoor"],
        swiftSettings: swiftSettings
    ),
    .testTarget(
        name: "EndToEndTests",
        dependencies: ["apus", "ProjectTemplates", "LambdaModel", subprocess, systemPackage],
        swiftSettings: swiftSettings
    ),
]

/// libFuzzer brings the main function of these programs, so they exist only for `make fuzz`.
let fuzzTargets: [Target] = ["FuzzELF", "FuzzZip"].map { name in
    .executableTarget(
        name: name,
        dependencies: ["InspectionExercise"],
        path: "Tests/Fuzz/\(name)",
        swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])]
    )
}

let package = Package(
    name: "apus",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "apus", targets: ["apus"]),
        .executable(name: "apus-launcher", targets: ["apus-launcher"]),
        .executable(name: "apus-rie", targets: ["apus-rie"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: Context.environment["APUS_FUZZ"] == nil ? targets : targets + fuzzTargets,
    cLanguageStandard: .gnu11
)
