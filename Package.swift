// swift-tools-version: 6.2
import PackageDescription

/// For generated code alone: protoc-gen-swift 1.39 writes a message's shared storage as
/// `nonisolated(unsafe)` and doesn't mark its uses.
let generated: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// One list of settings for every other Swift target; see STYLE in the README of Shared/.
let strict: [SwiftSetting] = [.strictMemorySafety()] + generated

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

/// A room in Shared/: a library target that only this package sees.
func room(
  _ name: String, _ dependencies: [Target.Dependency], path: String? = nil,
  resources: [Resource]? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path ?? "Shared/\(name)",
    exclude: ["README.md"], resources: resources, swiftSettings: strict)
}

/// A process in Services/ with a store: main wires, the folder holds its SQL migrations.
func service(
  _ name: String, _ dependencies: [Target.Dependency] = [],
  resources: [Resource] = [.copy("Migrations")]
) -> Target {
  .executableTarget(
    name: name,
    dependencies: [
      "Reactor", "RPC", "Access", "Storage", "Postgres", "Cryptography", "Telemetry", "Hosting",
      "Launch", "Schemas", protobuf, logging, arguments,
    ] + dependencies,
    path: "Services/\(name)", exclude: ["README.md"],
    resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
  name: "ikso",
  products: [
    .executable(name: "ikso", targets: ["IKSO"]),
    .executable(name: "ikso-gateway", targets: ["Gateway"]),
    .executable(name: "ikso-identity", targets: ["Identity"]),
    .executable(name: "ikso-feedback", targets: ["Feedback"]),
    .executable(name: "ikso-goals", targets: ["Goals"]),
    .executable(name: "ikso-privacy", targets: ["Privacy"]),
    .executable(name: "protoc-gen-ikso", targets: ["protoc-gen-ikso"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // Without its reader of JSON; SettingsFile says why.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
  ],
  targets: [
    // Floor 0
    .target(name: "CEpoll", path: "Shared/C/CEpoll"),
    .target(name: "CSocket", path: "Shared/C/CSocket"),
    .systemLibrary(
      name: "CNGHTTP2", path: "Shared/C/CNGHTTP2", pkgConfig: "libnghttp2",
      providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(
      name: "COpenSSL", path: "Shared/C/COpenSSL", pkgConfig: "openssl",
      providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CLibpq", path: "Shared/C/CLibpq", pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CZlib", path: "Shared/C/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CArgon2", path: "Shared/C/CArgon2", pkgConfig: "libargon2",
      providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(
      name: "CCurl", path: "Shared/C/CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]),
    room("Reactor", ["CEpoll", collections]),
    // Floor 1
    room("TLS", ["COpenSSL"]),
    room("HTTP2", ["Reactor", "TLS", "CNGHTTP2", "CSocket", collections]),
    room("Postgres", ["Reactor", "CLibpq", collections]),
    room("Cryptography", ["COpenSSL", "CArgon2"]),
    room("Compression", ["CZlib"]),
    room("Mail", ["CCurl"]),
    // Floor 2
    room("RPC", ["Reactor", "TLS", "HTTP2", "Compression", protobuf, collections]),
    room("Archive", ["Cryptography"]),
    // Floor 3
    room("Access", ["RPC", "TLS", "Cryptography", "Reactor"]),
    room(
      "Storage", ["Postgres", "Cryptography", "Reactor", logging, collections],
      resources: [.copy("KeyMigrations")]),
    room("Telemetry", ["RPC", "TLS", logging]),
    // Floor 4
    room(
      "Hosting",
      [
        "Reactor", "TLS", "HTTP2", "RPC", "Access", "Telemetry", "Schemas", protobuf, logging,
        arguments, .product(name: "Configuration", package: "swift-configuration"),
      ]),
    // Floor 5
    room(
      "Launch",
      [
        "Hosting", "Reactor", "TLS", "RPC", "Postgres", "Cryptography", "Archive", "Access",
        "Storage", "Telemetry", "Mail", "Schemas", protobuf, logging, arguments,
      ]),
    // Schemas: generated code beside the floors
    .target(
      name: "Schemas", dependencies: ["RPC", "Access", protobuf], path: "Schemas/Generated",
      swiftSettings: generated),
    .executableTarget(
      name: "protoc-gen-ikso",
      dependencies: [
        .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf"), protobuf,
      ],
      path: "Schemas/Generator", exclude: ["README.md"], swiftSettings: strict),
    // Floor 6
    .executableTarget(
      name: "Gateway",
      dependencies: [
        "Hosting", "Reactor", "HTTP2", "TLS", "RPC", "Access", "Telemetry", "Schemas", protobuf,
        logging, arguments,
      ],
      path: "Services/Gateway", exclude: ["README.md"], swiftSettings: strict),
    service("Identity", ["Archive", "Mail"], resources: [.copy("Migrations"), .copy("Passwords")]),
    service("Feedback", ["Mail"]),
    service("Goals"),
    service("Privacy", ["Archive", "Compression", "Mail"]),
    .executableTarget(
      name: "IKSO",
      dependencies: [
        "Reactor", "TLS", "HTTP2", "RPC", "Cryptography", "Schemas", "Access", "Archive", protobuf,
        arguments,
      ],
      path: "Services/CommandLine", exclude: ["README.md"], swiftSettings: strict),
    // Tests
    .target(
      name: "ProgramSupport", path: "Tests/ProgramSupport", resources: [.copy("Python")],
      swiftSettings: strict),
    .target(
      name: "TestSchemas", dependencies: [protobuf], path: "Tests/TestSchemas/Generated",
      swiftSettings: generated),
    .target(
      name: "ServerSupport", dependencies: ["ProgramSupport", "Reactor", "TLS", "HTTP2", "RPC"],
      path: "Tests/ServerSupport", swiftSettings: strict),
    .executableTarget(
      name: "InteropServer",
      dependencies: ["ServerSupport", "HTTP2", "RPC", "TestSchemas", protobuf, arguments],
      path: "Tests/InteropServer", swiftSettings: strict),
    .executableTarget(
      name: "ConformanceServer",
      dependencies: ["ServerSupport", "HTTP2", "RPC", "TestSchemas", protobuf],
      path: "Tests/ConformanceServer", swiftSettings: strict),
    .executableTarget(
      name: "ConformanceClient",
      dependencies: ["ServerSupport", "Reactor", "TLS", "HTTP2", "RPC", "TestSchemas", protobuf],
      path: "Tests/ConformanceClient", swiftSettings: strict),
    .executableTarget(
      name: "BenchServer",
      dependencies: [
        "Reactor", "TLS", "HTTP2", "RPC", "Access", "Cryptography", "Telemetry", "Schemas",
        protobuf, logging, arguments,
      ],
      path: "Tests/BenchServer", swiftSettings: strict),
    .executableTarget(
      name: "BenchClient",
      dependencies: [
        "Reactor", "TLS", "HTTP2", "RPC", "Postgres", "Storage", "Cryptography", protobuf,
        arguments,
      ],
      path: "Tests/BenchClient", swiftSettings: strict),
    tests(
      "ConformanceClientTests",
      [
        "ConformanceClient", "ConformanceServer", "ProgramSupport", "ServerSupport", "Reactor",
        "HTTP2", "RPC", "TestSchemas", protobuf,
      ]),
    .testTarget(
      name: "InteropTests", dependencies: ["InteropServer", "ProgramSupport"],
      path: "Tests/InteropTests", resources: [.copy("Python")], swiftSettings: strict),
    tests("ConformanceTests", ["ConformanceServer", "InteropServer", "ProgramSupport"]),
    tests(
      "TransportTests",
      [
        "ProgramSupport", "Reactor", "TLS", "HTTP2", "CSocket", "Compression", "RPC", protobuf,
      ]),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "Compression", "Reactor", "HTTP2", "RPC", "Cryptography", "Identity", "Access", protobuf,
      ],
      path: "Tests/FuzzTests", exclude: ["LibFuzzer", "Corpus", "corpus.py"],
      swiftSettings: strict),
    tests(
      "DataTests", ["ProgramSupport", "Reactor", "Postgres", "Storage", "Cryptography", logging]),
    tests(
      "SchemasTests",
      [
        "ProgramSupport", "protoc-gen-ikso", "Schemas", "RPC", "Access", protobuf,
        .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf"),
      ]),
    tests("TelemetryTests", ["Telemetry", "RPC", "TLS", logging]),
    tests("AccessTests", ["Access", "RPC", "TLS", "Cryptography"]),
    .target(
      name: "StorageSupport",
      dependencies: ["Reactor", "Postgres", "Storage", "Cryptography", logging],
      path: "Tests/StorageSupport", swiftSettings: strict),
    tests(
      "FeedbackTests",
      [
        "Feedback", "StorageSupport", "ProgramSupport", "Storage", "Postgres", "RPC", "Access",
        "Reactor", "HTTP2", "Hosting", "Launch", "Mail", "Telemetry", "Schemas", protobuf, logging,
      ]),
    tests(
      "GoalsTests",
      [
        "Goals", "StorageSupport", "Storage", "Postgres", "RPC", "Access", "Reactor", "HTTP2",
        "Hosting", "Launch", "Schemas", protobuf,
      ]),
    tests(
      "IdentityTests",
      [
        "Identity", "Archive", "StorageSupport", "ProgramSupport", "Storage", "Postgres", "RPC",
        "Access", "Reactor", "HTTP2", "TLS", "Cryptography", "Hosting", "Launch", "Mail",
        "Telemetry", "Schemas", protobuf, logging,
      ]),
    tests("DeployTests", ["ProgramSupport"]),
    .testTarget(
      name: "TidyTests", path: "Tests/TidyTests",
      // It reads every file letter by letter, for which other tests would wait in a debug build.
      swiftSettings: strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .testTarget(
      name: "FlowTests",
      dependencies: [
        "IKSO", "Reactor", "TLS", "HTTP2", "RPC", "Postgres", "Storage", "Cryptography", "Access",
        "Archive", "Schemas", "ProgramSupport", protobuf,
      ],
      path: "Tests/FlowTests", exclude: ["README.md"], resources: [.copy("Python")],
      swiftSettings: strict),
    tests("ArchiveTests", ["Archive", "Cryptography", "ProgramSupport"]),
    .testTarget(
      name: "LaunchTests",
      dependencies: [
        "Hosting", "Launch", "Mail", "Reactor", "TLS", "HTTP2", "RPC", "Access", "Storage",
        "StorageSupport", "Postgres", "Cryptography", "Telemetry", "Schemas", "ProgramSupport",
        protobuf, logging,
      ],
      path: "Tests/LaunchTests", resources: [.copy("Python")], swiftSettings: strict),
    tests(
      "PrivacyTests",
      [
        "Privacy", "Identity", "Archive", "StorageSupport", "ProgramSupport", "Storage", "Postgres",
        "RPC", "Access", "Reactor", "HTTP2", "Cryptography", "Hosting", "Launch", "Mail",
        "Telemetry", "Schemas", protobuf, logging,
      ]),
  ],
  swiftLanguageModes: [.v6]
)

/// What Deploy/fuzz and Deploy/sanitize know of identity: what reads a stranger's credentials.
let credentials = Target.target(
  name: "Identity", dependencies: ["Cryptography"], path: "Services/Identity",
  sources: [
    "LinkCode", "RecoveryCode", "RotatingToken", "EmailAddress", "FieldProblem", "ServiceAssertion",
  ].map { "Domain/\($0).swift" },
  swiftSettings: strict)

/// `Deploy/fuzz` builds the code of FuzzTests behind libFuzzer's entry instead, which a build
/// without libFuzzer cannot link.
if Context.environment["IKSO_FUZZ"] != nil {
  package.targets.removeAll { $0.type == .test || $0.name == "Identity" }
  package.products.removeAll { $0.name == "ikso-identity" }
  package.targets += [
    credentials,
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Compression", "Reactor", "HTTP2", "RPC", "Cryptography", "Identity", "Access", protobuf,
      ],
      path: "Tests/FuzzTests", sources: ["Targets", "LibFuzzer"], swiftSettings: strict),
  ]
}

/// `Deploy/sanitize` builds the rooms that hold memory and threads of their own, with their tests;
/// all code above them is Swift without either.
if Context.environment["IKSO_SANITIZE"] != nil {
  let sanitized: Set<String> = [
    "TransportTests", "FuzzTests", "DataTests", "TelemetryTests", "AccessTests", "ArchiveTests",
  ]
  package.targets.removeAll {
    $0.type == .executable || ($0.type == .test && !sanitized.contains($0.name))
      || [
        "Hosting", "Launch", "StorageSupport", "ServerSupport", "TestSchemas", "Schemas",
      ].contains($0.name)
  }
  package.products = []
  package.targets.append(credentials)
}
