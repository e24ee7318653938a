import Foundation
import RPC
import ServerSupport
import SwiftProtobuf
import TestSchemas

/// The stream of responses that a request asks for, one after the other.
struct Script {
  private let definition: ConformanceStreamResponseDefinition
  private var sent = 0

  /// Sets the metadata of the answer.
  init(_ definition: ConformanceStreamResponseDefinition, _ call: ServerCall) throws {
    self.definition = definition
    call.setInitialMetadata(try .init(definition.responseHeaders))
    call.setTrailingMetadata(try .init(definition.responseTrailers))
  }

  /// Whether the response that `next` gave last is the first.
  var isFirst: Bool { sent == 1 }

  mutating func next() -> Data? {
    guard sent < definition.responseData.count else { return nil }
    defer { sent += 1 }
    return definition.responseData[sent]
  }

  func pause() async throws {
    try await TestServer.pause(.milliseconds(Int64(definition.responseDelayMs)))
  }

  /// Throws the error at the end if one is asked for; `info` is in it if nothing was sent before.
  func end(_ info: ConformanceConformancePayload.RequestInfo) throws {
    guard definition.hasError else { return }
    throw try definition.error.thrown(with: sent == 0 ? info : nil)
  }
}

extension ConformanceError {
  func thrown(with info: ConformanceConformancePayload.RequestInfo?) throws -> RPCError {
    var error = RPCError(StatusCode(rawValue: code.rawValue) ?? .unknown, message)
    error.details = details
    if let info { error.details.append(try Google_Protobuf_Any(message: info)) }
    return error
  }
}

extension Metadata {
  /// Binary entries stand in base64 in the suite's headers, as on the wire.
  init(_ headers: [ConformanceHeader]) throws {
    self.init()
    for header in headers {
      let name = header.name.lowercased()
      for value in header.value {
        if name.hasSuffix("-bin"), let bytes = Self.base64(value) {
          try add(name, bytes: bytes)
        } else {
          try add(name, value)
        }
      }
    }
  }

  /// With or without padding.
  private static func base64(_ text: String) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return Data(base64Encoded: text + padding).map { [UInt8]($0) }
  }
}
