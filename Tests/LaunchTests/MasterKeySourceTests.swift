import Cryptography
import Foundation
import Hosting
import ProgramSupport
import Testing

@testable import Launch
@testable import Storage

@Suite(.timeLimit(.minutes(3))) struct MasterKeySourceTests {
  private let digits = String(repeating: "0123456789abcdef", count: 4)

  /// Settings with `keys` as their part of that name, in a folder of their own.
  private func load(_ keys: [String: Any]) async throws -> MasterKeys {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "settings.json")
    try JSONSerialization.data(withJSONObject: ["keys": keys]).write(to: file)
    return try MasterKeySource.load(ServiceConfiguration(file: file.path))
  }

  private func refusal(_ keys: [String: Any]) async -> String {
    do {
      _ = try await load(keys)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `a command prints the master key, another one the other`() async throws {
    let keys = try await load([
      "masterKeyCommand": ["/bin/echo", digits],
      "otherMasterKeyCommand": ["/usr/bin/printf", "%s", String(repeating: "0", count: 64)],
    ])
    var text = Array(digits.utf8)
    let key = try SymmetricKey(hexadecimal: &text)
    #expect(keys.currentID == MasterKeys(current: key).currentID)
    #expect(keys.ids.count == 2 && keys.ids[0] != keys.ids[1])
  }

  @Test func `arguments reach the command as they are, without a shell`() async throws {
    let output = try CommandOutput.read(
      ["/usr/bin/printf", "%s|", "$HOME", "a b", ";id", "`id`"], within: .seconds(30))
    #expect(String(decoding: output, as: UTF8.self) == "$HOME|a b|;id|`id`|")
  }

  @Test func `a command that fails, floods, hangs or lies is refused, with what to do`()
    async throws
  {
    let cases: [([String], String)] = [
      (["/nowhere/kms"], "cannot be started"),
      (["/bin/false"], "ends with status 1"),
      (["/usr/bin/yes"], "prints more than 4096 bytes"),
      (["/bin/sh", "-c", "sleep 600 & sleep 600"], "was not done after"),
      (["/bin/sh", "-c", "kill -9 $$"], "was ended by signal 9"),
      (["/bin/echo", "secret-\(digits)"], "is not 64 hexadecimal digits"),
    ]
    for (command, expected) in cases {
      let text = await refusal(["masterKeyCommand": command, "commandSeconds": 1])
      #expect(text.contains(expected), "\(command): \(text)")
      #expect(text.contains("keys.masterKeyCommand") && !text.contains(digits), "\(text)")
    }
    #expect(await refusal([:]).contains("neither"))
    #expect(
      await refusal(["masterKeyFile": "x", "masterKeyCommand": ["/bin/true"]]).contains("both"))
  }
}
