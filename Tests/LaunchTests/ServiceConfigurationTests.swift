import Foundation
import Testing

@testable import Launch

@Suite struct ServiceConfigurationTests {
  private func configuration(_ json: String) async throws -> ServiceConfiguration {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json")
    try Data(json.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await ServiceConfiguration(file: file.path)
  }

  @Test func `nested settings are read by their dotted names`() async throws {
    let settings = try await configuration(
      #"{"listen": {"host": "::1", "port": 9101}, "peers": {"allowed": ["gateway", "privacy"]}}"#)
    #expect(settings.string("listen.host", default: "x") == "::1")
    #expect(try settings.int("listen.port", default: 0, in: 0...65_535) == 9101)
    #expect(settings.strings("peers.allowed") == ["gateway", "privacy"])
    #expect(settings.strings("peers.denied") == [])
  }

  @Test func `a missing setting is named with its remedy`() async throws {
    let settings = try await configuration("{}")
    let error = #expect(throws: LaunchError.self) { try settings.string("database.dsn") }
    #expect(error?.description.contains("database.dsn") == true)
    #expect(error?.description.contains("IKSO_DATABASE_DSN") == true)
  }

  @Test(arguments: [#"{"reactors": "many"}"#, #"{"reactors": 0}"#, #"{"reactors": 9999}"#])
  func `a number out of its range or no number is refused`(json: String) async throws {
    let settings = try await configuration(json)
    #expect(throws: LaunchError.self) { try settings.int("reactors", default: 2, in: 1...256) }
  }

  @Test func `a file that is not there or not JSON is refused by name`() async throws {
    await #expect(throws: LaunchError.self) {
      _ = try await ServiceConfiguration(file: "/nonexistent.json")
    }
    await #expect(throws: LaunchError.self) { _ = try await configuration("{") }
  }
}
