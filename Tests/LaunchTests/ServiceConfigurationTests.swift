import Foundation
import HTTP2
import TLS
import Testing

@testable import Hosting

@Suite struct ServiceConfigurationTests {
  private func configuration(_ json: String) throws -> ServiceConfiguration {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json")
    try Data(json.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try ServiceConfiguration(file: file.path)
  }

  @Test func `nested settings are read by their dotted names`() async throws {
    let settings = try configuration(
      #"{"listen": {"host": "::1", "port": 9101}, "peers": {"allowed": ["gateway", "privacy"]}}"#)
    #expect(settings.string("listen.host", default: "x") == "::1")
    #expect(try settings.int("listen.port", default: 0, in: 0...65_535) == 9101)
    #expect(settings.strings("peers.allowed") == ["gateway", "privacy"])
    #expect(settings.strings("peers.denied") == [])
  }

  @Test func `a missing setting is named with its remedy`() async throws {
    let settings = try configuration("{}")
    let error = #expect(throws: LaunchError.self) { try settings.string("database.dsn") }
    #expect(error?.description.contains("database.dsn") == true)
    #expect(error?.description.contains("IKSO_DATABASE_DSN") == true)
  }

  @Test(arguments: [#"{"reactors": "many"}"#, #"{"reactors": 0}"#, #"{"reactors": 9999}"#])
  func `a number out of its range or no number is refused`(json: String) async throws {
    let settings = try configuration(json)
    #expect(throws: LaunchError.self) { try settings.int("reactors", default: 2, in: 1...256) }
  }

  @Test func `limits are the defaults but for what is set`() async throws {
    let settings = try configuration(
      #"{"limits": {"headerListBytes": 9000, "headerSeconds": 3}, "#
        + #""tls": {"minimumVersion": "1.2"}}"#)
    let limits = try settings.http2Limits()
    // No caller's stream uses up the window of those who share the gateway's connection.
    #expect(try settings.http2Limits(amongServices: true).connectionWindowBytes == 0x7fff_ffff)
    #expect(limits.headerListBytes == 9_000)
    #expect(limits.headerTimeout == .seconds(3))
    #expect(limits.connections == HTTP2Limits().connections)
    #expect(limits.connectionAge == HTTP2Limits().connectionAge)
    #expect(try settings.minimumTLSVersion() == .tls12)
    for json in [#"{"limits": {"connections": 0}}"#, #"{"limits": {"idleSeconds": "long"}}"#] {
      let wrong = try configuration(json)
      #expect(throws: LaunchError.self) { try wrong.http2Limits() }
    }
    let wrong = try configuration(#"{"tls": {"minimumVersion": "1.1"}}"#)
    #expect(throws: LaunchError.self) { try wrong.minimumTLSVersion() }
  }

  @Test func `a file that is not there or not JSON is refused by name`() async throws {
    #expect(throws: LaunchError.self) {
      _ = try ServiceConfiguration(file: "/nonexistent.json")
    }
    #expect(throws: LaunchError.self) { _ = try configuration("{") }
  }
}
