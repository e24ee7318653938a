import Cryptography
import Foundation
import Hosting
import Storage

/// Where master keys come from: a file, or a command that asks a KMS or an HSM.
enum MasterKeySource {
  /// The master key, and the other one, which is read but never written with.
  static func load(_ configuration: ServiceConfiguration) throws(LaunchError) -> MasterKeys {
    let current = try key("masterKey", configuration)
    guard let current else {
      throw LaunchError(
        "neither keys.masterKeyFile nor keys.masterKeyCommand is set",
        remedy: "name a file of 64 hexadecimal digits, or a command that prints them")
    }
    let other = try key("otherMasterKey", configuration)
    return MasterKeys(current: current, others: other.map { [$0] } ?? [])
  }

  private static func key(
    _ name: String, _ configuration: ServiceConfiguration
  ) throws(LaunchError) -> SymmetricKey? {
    let file = configuration.optionalString("keys.\(name)File")
    let command = configuration.strings("keys.\(name)Command")
    switch (file, command.isEmpty) {
    case (nil, true): return nil
    case (let file?, true): return try read(file)
    case (nil, false):
      let seconds = try configuration.int("keys.commandSeconds", default: 10, in: 1...300)
      return try ask(command, setting: "keys.\(name)Command", within: .seconds(seconds))
    case (_?, false):
      throw LaunchError(
        "both keys.\(name)File and keys.\(name)Command are set", remedy: "keep one of them")
    }
  }

  /// Reads 64 hexadecimal digits from a file that only its owner may read.
  private static func read(_ path: String) throws(LaunchError) -> SymmetricKey {
    let remedy = "Deploy/up makes one; by hand: openssl rand -hex 32 > FILE && chmod 600 FILE"
    guard var text = FileManager.default.contents(atPath: path).map({ [UInt8]($0) }) else {
      throw LaunchError("the master key \(path) cannot be read", remedy: remedy)
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
    guard mode & 0o077 == 0 else {
      throw LaunchError(
        "the master key \(path) can be read by others than its owner",
        remedy: "chmod 600 \(path)")
    }
    guard let key = try? SymmetricKey(hexadecimal: &text) else {
      throw LaunchError("the master key \(path) is not 64 hexadecimal digits", remedy: remedy)
    }
    return key
  }

  private static func ask(
    _ command: [String], setting: String, within limit: Duration
  ) throws(LaunchError) -> SymmetricKey {
    var output: [UInt8]
    do {
      output = try CommandOutput.read(command, within: limit)
    } catch {
      throw LaunchError(
        "\(setting): \(command[0]) \(error)",
        remedy: "run it by hand as this service's user; it must print 64 hexadecimal digits")
    }
    guard let key = try? SymmetricKey(hexadecimal: &output) else {
      // What it printed may be half a key.
      throw LaunchError(
        "\(setting): what \(command[0]) prints is not 64 hexadecimal digits",
        remedy: "let it print the key in hexadecimal digits and nothing else")
    }
    return key
  }
}
