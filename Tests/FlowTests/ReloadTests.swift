import Foundation
import HTTP2
import ProgramSupport
import Reactor
import TLS
import Testing

/// A running process takes up what changes in its files.
struct ReloadTests {
  @Test(.timeLimit(.minutes(2)))
  func `a renewed certificate is served without a restart, a broken one is not`() async throws {
    let house = try House.current()
    let folder = try ScratchFolder()
    let files = [
      "pem": folder.url.appending(path: "own.pem"), "key": folder.url.appending(path: "own.key"),
    ]
    // As a renewal does it: complete, and in one step each.
    func install(_ name: String) throws {
      let (certificate, key) = try house.plan.certificate(of: name)
      try Data(contentsOf: URL(filePath: key)).write(to: files["key"]!, options: .atomic)
      try Data(contentsOf: URL(filePath: certificate)).write(to: files["pem"]!, options: .atomic)
    }
    try install("goals")
    let service = try await OwnService.start("goals") { settings in
      settings["tls.certificate"] = files["pem"]!.path
      settings["tls.key"] = files["key"]!.path
      settings["tls.reloadSeconds"] = 1
    }
    defer { service.child.signal(SIGTERM) }
    let tls = try house.tls(as: "gateway")
    func serves(_ name: String) async -> Bool {
      let connection = try? await HTTP2Connector.connect(
        to: service.endpoint, serverName: name, tls: tls, on: house.reactors.reactors[0],
        deadline: .now + .seconds(20))
      if let connection { house.reactors.reactors[0].execute { connection.close() } }
      return connection != nil
    }
    func said(_ text: String) async {
      for await line in service.child.lines where line.contains(text) { return }
    }
    #expect(await serves("goals"))
    try Data("no certificate".utf8).write(to: files["pem"]!, options: .atomic)
    await said("certificates not reloaded")
    #expect(await serves("goals"))
    try install("identity")
    await said("certificates reloaded")
    #expect(await serves("identity"))
    #expect(await !serves("goals"))
  }
}
