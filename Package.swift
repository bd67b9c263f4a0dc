// swift-tools-version: 6.2
import PackageDescription

/// What every target of this package is compiled with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target of ours, strictly compiled; `files` become part of the program.
func library(_ name: String, _ dependencies: [Target.Dependency], embedding files: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: files.map { .embedInCode($0) }, swiftSettings: strict)
}

/// What browsers get.
let webFiles =
    ["client.js", "client.d.ts"].map { "Web/" + $0 }
    + [
        "index.html", "icon.svg", "page.css", "page.js", "inspector.js", "player.js", "settings.js", "snippets.js",
        "timeline.js", "speech.mp3",
    ].map { "Web/page/" + $0 }

/// A test target that mirrors the source target of the same name.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let inMemoryLogging = Target.Dependency.product(name: "InMemoryLogging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "fennec-gateway",
    products: [
        .executable(name: "fennec-gateway", targets: ["fennec-gateway"]),
        .executable(name: "gateway-bench", targets: ["gateway-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        library("GatewayCore", []),
        library("GatewayWire", ["COpenSSL", nioCore, nioPosix, nioHTTP1, nioSSL, nioTLS]),
        library(
            "FennecUpstream", ["GatewayCore", "GatewayWire", "CCurl", "COpenSSL", nioCore, nioPosix, nioSSL, logging]),
        library("GatewayTelemetry", ["GatewayCore", "COpenSSL", "CSystemd", "CSQLite", logging]),
        library("GatewayConfig", ["GatewayCore", "CYAML"]),
        library(
            "GatewayServer",
            [
                "GatewayCore", "GatewayWire", "FennecUpstream", "GatewayTelemetry", "COpenSSL",
                nioCore, nioPosix, nioHTTP1, nioSSL, logging, lifecycle,
            ], embedding: webFiles),
        library("FennecSimulator", ["GatewayWire", "COpenSSL", nioCore, nioPosix, nioHTTP1]),
        library(
            "GatewayTesting",
            [
                "GatewayServer", "GatewayWire", "GatewayCore", "FennecSimulator", "GatewayConfig", nioCore, nioPosix,
                logging,
            ]),
        .executableTarget(
            name: "fennec-gateway",
            dependencies: [
                "GatewayServer", "GatewayConfig", "GatewayCore", "GatewayWire", "GatewayTelemetry", "FennecUpstream",
                "FennecSimulator", "CSystemd", nioCore, nioPosix, nioSSL, logging, lifecycle, signals, argumentParser,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "gateway-bench",
            dependencies: [
                "GatewayTesting", "GatewayServer", "GatewayWire", "GatewayCore", "GatewayConfig", nioCore, nioPosix,
                nioHTTP1, signals, argumentParser, "FennecSimulator", "FennecUpstream",
            ],
            swiftSettings: strict),

        .target(
            name: "GatewayCoreTesting", dependencies: ["GatewayCore"], path: "Tests/GatewayCoreTesting",
            swiftSettings: strict),
        tests("GatewayCoreTests", ["GatewayCore", "GatewayCoreTesting"]),
        tests("GatewayWireTests", ["GatewayWire", "COpenSSL", nioCore, nioHTTP1, nioEmbedded, nioPosix, nioSSL]),
        tests("FennecUpstreamTests", ["FennecUpstream", "GatewayWire", "GatewayCore", nioCore, nioPosix, nioHTTP1]),
        tests("GatewayTelemetryTests", ["GatewayTelemetry", "GatewayCore", logging]),
        tests("GatewayConfigTests", ["GatewayConfig", "GatewayCore"]),
        tests(
            "GatewayServerTests",
            [
                "GatewayServer", "GatewayTesting", "GatewayCore", "GatewayCoreTesting", "GatewayWire",
                "GatewayTelemetry", "FennecUpstream", nioCore, nioPosix, nioHTTP1, logging, inMemoryLogging,
            ]),
        tests("FennecSimulatorTests", ["FennecSimulator", "GatewayWire", nioCore, nioPosix]),
        tests(
            "FennecGatewayTests",
            [
                "fennec-gateway", "GatewayServer", "GatewayConfig", "GatewayCore", "GatewayTelemetry", "GatewayWire",
                "FennecSimulator",
                nioCore, argumentParser,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Fuzz targets need libFuzzer's own main and instrumentation, and so are no part of an ordinary build; see the Makefile.
if Context.environment["FENNEC_FUZZ"] != nil {
    package.products.append(.executable(name: "policy-fuzz", targets: ["policy-fuzz"]))
    package.products.append(.executable(name: "proxy-fuzz", targets: ["proxy-fuzz"]))
    for (name, path) in [("policy-fuzz", "Tests/PolicyFuzz"), ("proxy-fuzz", "Tests/ProxyFuzz")] {
        package.targets.append(
            .executableTarget(
                name: name, dependencies: ["GatewayCore", "GatewayCoreTesting"], path: path,
                swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
    }
}
