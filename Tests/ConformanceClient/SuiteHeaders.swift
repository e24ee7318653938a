import Foundation
import RPC
import SwiftProtobuf
import TestSchemas

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

/// The suite's form of metadata: each name once, with all its values in order.
func headers(_ metadata: Metadata) -> [ConformanceHeader] {
  var headers: [ConformanceHeader] = []
  for entry in metadata.entries {
    if let position = headers.firstIndex(where: { $0.name == entry.name }) {
      headers[position].value.append(entry.value)
    } else {
      headers.append(
        .with {
          $0.name = entry.name
          $0.value = [entry.value]
        })
    }
  }
  return headers
}

extension ConformanceError {
  init(_ error: RPCError) {
    self.init()
    code = ConformanceCode(rawValue: error.code.rawValue) ?? .unknown
    message = error.message
    details = error.details
  }
}
