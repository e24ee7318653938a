import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// Prints each call and its answer, the way a person reads along. Secrets are not shown: the
/// schemas say which fields are.
struct Transcript: Sendable {
  var isQuiet = false

  /// Characters of one text that are shown.
  private static let shownCharacters = 160

  func chapter(_ title: String) {
    show("\n== \(title)")
  }

  func say(_ text: String) {
    show("   \(text)")
  }

  func show(_ line: String) {
    if !isQuiet { print(line) }
  }

  /// Makes a call, printing what goes and what comes.
  func call<Request: Message & Sendable, Response: Message & Sendable>(
    _ name: String, _ request: Request,
    _ body: (Request) async throws(RPCError) -> Response
  ) async throws(RPCError) -> Response {
    show("-> \(name) \(Self.render(request))")
    do {
      let response = try await body(request)
      show("<- \(Self.render(response))")
      return response
    } catch {
      show("<- \(error.code): \(error.message)")
      throw error
    }
  }

  /// Makes a call that must be refused with `code`, and returns the refusal.
  @discardableResult
  func refused<Request: Message & Sendable, Response: Message & Sendable>(
    _ name: String, _ request: Request, with code: StatusCode,
    _ body: (Request) async throws(RPCError) -> Response
  ) async throws -> RPCError {
    do throws(RPCError) {
      _ = try await call(name, request, body)
    } catch {
      if error.code == code { return error }
    }
    throw CleanFailure("\(name) should have been refused with \(code)")
  }

  /// The message as JSON on one line, secrets masked and long texts cut.
  static func render(_ message: some Message) -> String {
    guard let json = try? message.jsonUTF8Data(),
      let value = try? JSONSerialization.jsonObject(with: json),
      let data = try? JSONSerialization.data(
        withJSONObject: masked(value),
        options: [.sortedKeys, .withoutEscapingSlashes])
    else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  private static func masked(_ value: Any) -> Any {
    switch value {
    case let object as [String: Any]:
      return Dictionary(
        object.map { name, value in
          (name, secretNames.contains(name) ? "***" : masked(readable(name, value)))
        }, uniquingKeysWith: { first, _ in first })
    case let list as [Any]: return list.map { masked($0) }
    case let text as String where text.count > shownCharacters:
      return text.prefix(shownCharacters) + "… (\(text.count) characters)"
    default: return value
    }
  }

  /// Files that are sent as bytes are shown as the text that they are, not as JSON's base64.
  private static func readable(_ name: String, _ value: Any) -> Any {
    guard ["csv", "markdown"].contains(name), let text = value as? String,
      let data = Data(base64Encoded: text), let decoded = String(data: data, encoding: .utf8)
    else { return value }
    return decoded
  }

  /// JSON names of the fields that the schemas call secret.
  private static let secretNames: Set<String> = Set(
    SchemaCatalogue.personalData.filter { $0.value == .secret }.map { entry in
      let words = entry.key.split(separator: ".").last!.split(separator: "_")
      return words.dropFirst().reduce(String(words[0])) { $0 + $1.capitalized }
    })
}
