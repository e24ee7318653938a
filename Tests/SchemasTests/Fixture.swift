import Foundation
import ProgramSupport
import SwiftProtobuf
import SwiftProtobufPluginLibrary

@testable import protoc_gen_ikso

/// The repository, and what was built of it beside this test.
enum Place {
  static let schemas = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Schemas")
  static let products = Bundle.main.bundleURL
}

/// One service schema, right in every respect unless a test says otherwise.
struct Fixture {
  var path = "ikso/trial/v1/trial.proto"
  var package = "ikso.trial.v1"
  var prefix: String? = "Trial"
  var serviceName = "TrialService"
  var serviceOptions = ""
  var method = "rpc GetThing(GetThingRequest) returns (Thing)"
  var methodOptions = ""
  var access: String? = "roles: [ROLE_COACH] purpose: \"coaching\""
  /// Of `Thing`.
  var fields = "string name = 1 [(ikso.options.v1.personal_data) = PERSONAL_DATA_PERSONAL];"

  /// The package stands on line 2, the method on line 9, its access on line 10, fields on line 14.
  var text: String {
    let option = access.map { text in
      "option (ikso.options.v1.access) = { \(text.replacing("\n", with: " ")) };"
    }
    return """
      syntax = "proto3";
      package \(package);
      import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto";
      import "ikso/options/v1/options.proto";
      \(prefix.map { "option swift_prefix = \"\($0)\";" } ?? "")
      // Things on trial.
      service \(serviceName) { \(serviceOptions)
        // Fetches one thing.
        \(method) {
          \(option ?? "") \(methodOptions)
        }
      }
      message Thing {
        \(fields)
      }
      message GetThingRequest { uint64 number = 1; Thing like = 2; }
      """
  }
}

/// Runs protoc on fixtures, and the generator on what protoc read, in this process.
func generate(_ fixtures: Fixture...) throws -> Google_Protobuf_Compiler_CodeGeneratorResponse {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  defer { try? FileManager.default.removeItem(at: folder) }
  for fixture in fixtures {
    let file = folder.appending(path: fixture.path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try fixture.text.write(to: file, atomically: false, encoding: .utf8)
  }
  let set = folder.appending(path: "set.pb")
  let protoc = try run(
    "protoc",
    [
      "--proto_path=\(folder.path)", "--proto_path=\(Place.schemas.path)", "--include_imports",
      "--include_source_info", "--descriptor_set_out=\(set.path)",
    ] + fixtures.map(\.path))
  guard protoc.status == 0 else { throw ProtocFailure(output: protoc.output) }
  var options = SimpleExtensionMap()
  options.insert(contentsOf: GeneratorMain().customOptionExtensions)
  let files = try Google_Protobuf_FileDescriptorSet(
    serializedBytes: Data(contentsOf: set), extensions: options)
  let request = Google_Protobuf_Compiler_CodeGeneratorRequest.with {
    $0.fileToGenerate = fixtures.map(\.path)
    $0.protoFile = files.file
  }
  return generateCode(request: request, generator: GeneratorMain())
}

struct ProtocFailure: Error {
  let output: String
}

/// - Returns: the exit status and both outputs, mingled.
func run(
  _ command: String, _ arguments: [String], environment: [String: String] = [:]
) throws -> (status: Int32, output: String) {
  try Child.runBlocking(
    URL(filePath: "/usr/bin/env"), [command] + arguments, environment: environment)
}
