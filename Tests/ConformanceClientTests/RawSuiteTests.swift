import Foundation
import ProgramSupport
import SwiftProtobuf
import TestSchemas
import Testing

@testable import ConformanceClient

/// The cases of the suite with answers that no gRPC server gives, or not this way: HTTP statuses,
/// unexpected answers, trailers, empty messages, content types.
@Suite(.timeLimit(.minutes(2))) struct `Conformance to raw answers` {
  private static func raw(
    status: UInt32 = 200, headers: [(String, String)] = [("content-type", "application/grpc")],
    items: [ConformanceStreamContents.StreamItem]? = nil, body: [UInt8]? = nil,
    trailers: [(String, String)] = []
  ) -> ConformanceRawHTTPResponse {
    .with {
      $0.statusCode = status
      $0.headers = headers.map { name, value in
        .with {
          $0.name = name
          $0.value = [value]
        }
      }
      if let items { $0.stream.items = items }
      if let body { $0.unary.binary = Data(body) }
      $0.trailers = trailers.map { name, value in
        .with {
          $0.name = name
          $0.value = [value]
        }
      }
    }
  }

  /// An envelope with a message, empty unless it has bytes.
  private static func item(
    _ bytes: [UInt8] = [], flags: UInt32 = 0, length: UInt32? = nil
  ) -> ConformanceStreamContents.StreamItem {
    .with {
      $0.flags = flags
      if let length { $0.length = length }
      $0.payload.binary = Data(bytes)
    }
  }

  private func unary(
    _ raw: ConformanceRawHTTPResponse
  ) async throws -> ConformanceClientResponseResult {
    let results = Results()
    try await SuiteServers.run(raw: true) { servers in
      let message = ConformanceUnaryRequest.with { $0.responseDefinition.rawResponse = raw }
      results.add(try await servers.call("Unary", [message]))
    }
    return results.last
  }

  private func stream(
    _ raw: ConformanceRawHTTPResponse, _ method: String = "ServerStream"
  ) async throws -> ConformanceClientResponseResult {
    let results = Results()
    try await SuiteServers.run(raw: true) { servers in
      let message: any Message
      switch method {
      case "ClientStream":
        message = ConformanceClientStreamRequest.with { $0.responseDefinition.rawResponse = raw }
      case "BidiStream":
        message = ConformanceBidiStreamRequest.with { $0.responseDefinition.rawResponse = raw }
      default:
        message = ConformanceServerStreamRequest.with { $0.responseDefinition.rawResponse = raw }
      }
      results.add(try await servers.call(method, [message]))
    }
    return results.last
  }

  @Test(arguments: [
    (400, .internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
    (409, .unknown), (412, .unknown), (413, .unknown), (415, .unknown), (418, .unknown),
    (429, .unavailable), (431, .unknown), (502, .unavailable), (503, .unavailable),
    (504, .unavailable), (505, .unknown), (800, .unknown),
  ] as [(UInt32, ConformanceCode)])
  func `HTTP statuses have codes`(_ status: UInt32, _ code: ConformanceCode) async throws {
    let result = try await unary(Self.raw(status: status, headers: []))
    #expect(result.error.code == code)
  }

  @Test func `an answer without a status is an error`() async throws {
    let message = try await unary(Self.raw(trailers: [("grpc-message", "error")]))
    #expect([.unknown, .internal].contains(message.error.code))
    for method in ["ServerStream", "BidiStream", "ClientStream"] {
      let result = try await stream(Self.raw(items: [Self.item()]), method)
      #expect([.unknown, .internal].contains(result.error.code))
      #expect(result.payloads.count == (method == "ClientStream" ? 0 : 1))
    }
    let single = try await unary(Self.raw(items: [Self.item()]))
    #expect([.unknown, .internal].contains(single.error.code) && single.payloads.isEmpty)
  }

  @Test func `none or several messages where one is due are UNIMPLEMENTED`() async throws {
    let ok = [("grpc-status", "0")]
    for count in [0, 2] {
      let raw = Self.raw(items: (0..<count).map { _ in Self.item() }, trailers: ok)
      #expect(try await unary(raw).error.code == .unimplemented)
      #expect(try await stream(raw, "ClientStream").error.code == .unimplemented)
    }
  }

  @Test func `a status in the headers counts only if nothing follows`() async throws {
    let headers = [("content-type", "application/grpc"), ("grpc-status", "8")]
    let body = try await unary(Self.raw(headers: headers, items: [Self.item()]))
    #expect([.unknown, .internal].contains(body.error.code))
    let trailers = try await unary(
      Self.raw(headers: headers, trailers: [("foo", "bar"), ("grpc-status", "9")]))
    #expect(trailers.error.code == .failedPrecondition)
  }

  @Test func `other content types, codecs and compressions are errors`() async throws {
    let ok = [("grpc-status", "0")]
    let picture = try await unary(Self.raw(headers: [("content-type", "image/jpeg")]))
    #expect(picture.error.code == .unknown)
    let json = try await unary(
      Self.raw(
        headers: [("content-type", "application/grpc+json")],
        items: [Self.item([UInt8](#"{"payload": {"data": "dGVzdA"}}"#.utf8))], trailers: ok))
    #expect([.internal, .unknown, .unimplemented].contains(json.error.code))
    for encoding in ["foo", "identity"] {
      let headers = [("content-type", "application/grpc+proto"), ("grpc-encoding", encoding)]
      let result = try await unary(
        Self.raw(headers: headers, items: [Self.item([1, 2, 3], flags: 1)], trailers: ok))
      #expect(result.error.code == .internal)
    }
  }

  @Test func `a message that breaks off is an error behind those before it`() async throws {
    let ok = [("grpc-status", "0")]
    let message = try await stream(
      Self.raw(items: [Self.item(), Self.item([0, 0, 0], length: 10)], trailers: ok))
    #expect([.internal, .unknown].contains(message.error.code) && message.payloads.count == 1)
    let prefix = try await stream(Self.raw(body: [UInt8](repeating: 0, count: 8), trailers: ok))
    #expect([.internal, .unknown].contains(prefix.error.code) && prefix.payloads.count == 1)
  }

  @Test func `trailers come at the end or alone`() async throws {
    let status = [("grpc-status", "9"), ("grpc-message", "error"), ("x-custom-trailer", "bing"),
      ("x-custom-trailer", "quuz")]
    let type = [("content-type", "application/grpc")]
    let atEnd = try await unary(
      Self.raw(headers: type + [("x-custom-header", "foo")], trailers: status))
    let alone = try await unary(Self.raw(headers: type + status))
    for result in [atEnd, alone] {
      #expect(result.error.code == .failedPrecondition && result.error.message == "error")
      let trailer = result.responseTrailers.first { $0.name == "x-custom-trailer" }
      #expect(trailer?.value == ["bing", "quuz"])
    }
    #expect(atEnd.responseHeaders.first { $0.name == "x-custom-header" }?.value == ["foo"])
  }

  @Test(arguments: ["application/grpc", "application/grpc+proto"])
  func `an empty message is a message, whatever the content type says of proto`(_ type: String)
    async throws
  {
    let raw = Self.raw(
      headers: [("content-type", type), ("x-custom-header", "foo")], items: [Self.item()],
      trailers: [("grpc-status", "0"), ("x-custom-trailer", "bing")])
    var results = [try await unary(raw)]
    for method in ["ClientStream", "ServerStream", "BidiStream"] {
      results.append(try await stream(raw, method))
    }
    for result in results {
      #expect(!result.hasError && result.payloads == [ConformanceConformancePayload()])
      #expect(result.responseHeaders.contains { $0.name == "x-custom-header" })
      #expect(result.responseTrailers.contains { $0.name == "x-custom-trailer" })
    }
  }
}

/// Results from within a closure.
private final class Results {
  private(set) var last = ConformanceClientResponseResult()
  func add(_ result: ConformanceClientResponseResult) { last = result }
}

/// The program, as the suite's runner starts it.
@Suite(.timeLimit(.minutes(5))) struct `Conformance client as a program` {
  @Test func `answers each request of standard input, and says what it cannot call`()
    async throws
  {
    try await SuiteServers.run { servers in
      let message = ConformanceUnaryRequest.with {
        $0.responseDefinition.responseData = Data("hello".utf8)
      }
      var input = Data()
      for number in 0..<40 {
        let request = try servers.request("Unary", [message]) {
          $0.testName = "case \(number)"
          if number == 39 { $0.protocol = .connect }
        }
        let bytes: Data = try request.serializedBytes()
        input += (0..<4).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
        input += bytes
      }
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "ikso-conformance-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      try input.write(to: folder.appending(path: "in"))
      let program = Bundle.main.bundleURL.appending(path: "ConformanceClient")
      let run = try await Child.run(
        URL(filePath: "/bin/sh"),
        ["-c", "exec '\(program.path)' < '\(folder.path)/in' > '\(folder.path)/out'"])
      #expect(run.end == .exit(0), "\(run.output)")
      var output = try Data(contentsOf: folder.appending(path: "out"))
      var names: Set<String> = []
      while output.count >= 4 {
        let size = output.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let response = try ConformanceClientCompatResponse(
          serializedBytes: output.dropFirst(4).prefix(size))
        output = output.dropFirst(4 + size)
        names.insert(response.testName)
        if response.testName == "case 39" {
          #expect(response.error.message.contains("speaks gRPC"))
        } else {
          #expect(response.response.payloads.map(\.data) == [Data("hello".utf8)])
        }
      }
      #expect(names.count == 40)
    }
  }
}
