import Foundation
import SwiftProtobuf
import TestSchemas
import Testing

@testable import ConformanceClient

/// The cases of the suite that a server answers as asked: basic, duplicate metadata, errors.
@Suite(.timeLimit(.minutes(2))) struct `Conformance of calls` {
  typealias Info = ConformanceConformancePayload.RequestInfo

  static let data = [Data("test response".utf8), Data([0, 255, 10])]
  static let headerList: [ConformanceHeader] = [
    header("x-custom-header", ["foo", "bar"]), header("x-custom-bin", ["AP8"]),
  ]
  static let trailerList = [header("x-custom-trailer", ["bing", "quuz"])]

  static func header(_ name: String, _ values: [String]) -> ConformanceHeader {
    .with {
      $0.name = name
      $0.value = values
    }
  }

  /// The headers of an answer, or all of its metadata where it may have come in one block.
  static func expect(
    _ result: ConformanceClientResponseResult, has headers: [ConformanceHeader],
    _ trailers: [ConformanceHeader], _ place: SourceLocation = #_sourceLocation
  ) {
    let isOneBlock = result.hasError && result.payloads.isEmpty
    let all = result.responseHeaders + result.responseTrailers
    for (wanted, there) in [
      (headers, isOneBlock ? all : result.responseHeaders),
      (trailers, isOneBlock ? all : result.responseTrailers),
    ] {
      for header in wanted {
        let found = there.first { $0.name == header.name }
        #expect(found?.value == header.value, "\(header.name)", sourceLocation: place)
      }
    }
  }

  static func unary(
    error: ConformanceError? = nil, isEmpty: Bool = false
  ) -> ConformanceUnaryResponseDefinition {
    .with {
      $0.responseHeaders = headerList
      $0.responseTrailers = trailerList
      if let error { $0.error = error } else if !isEmpty { $0.responseData = data[0] }
    }
  }

  static func stream(
    error: ConformanceError? = nil, count: Int = 2
  ) -> ConformanceStreamResponseDefinition {
    .with {
      $0.responseHeaders = headerList
      $0.responseTrailers = trailerList
      $0.responseData = Array(data[..<count])
      if let error { $0.error = error }
    }
  }

  static let failure = ConformanceError.with {
    $0.code = .resourceExhausted
    $0.message = "all gone: \u{1F9CA}\t100%"
    $0.details = [
      try! Google_Protobuf_Any(message: header("x", ["y"]))
    ]
  }

  private static let requestHeaders = [
    header("x-test-case", ["one", "two"]), header("x-test-bin", ["AQI"]),
  ]

  private func expectHeaders(_ info: Info) {
    for header in Self.requestHeaders {
      #expect(info.requestHeaders.first { $0.name == header.name }?.value == header.value)
    }
  }

  @Test(arguments: Carriage.all) func `unary calls`(_ carriage: Carriage) async throws {
    try await SuiteServers.run(carriage) { servers in
      let requests: [(String, any Message)] = [
        ("Unary", ConformanceUnaryRequest.with { $0.responseDefinition = Self.unary() }),
        (
          "IdempotentUnary",
          ConformanceIdempotentUnaryRequest.with { $0.responseDefinition = Self.unary() }
        ),
      ]
      for (method, message) in requests {
        let result = try await servers.call(method, [message]) {
          $0.requestHeaders = Self.requestHeaders
          $0.timeoutMs = 30_000
        }
        #expect(!result.hasError)
        #expect(result.payloads.map(\.data) == [Self.data[0]])
        Self.expect(result, has: Self.headerList, Self.trailerList)
        let info = try #require(result.payloads.first).requestInfo
        #expect(info.requests.map { Packed($0) } == [try Packed(message)])
        #expect((20_000...30_000).contains(info.timeoutMs))
        expectHeaders(info)
      }
      let nothing = try await servers.call("Unary", [ConformanceUnaryRequest()])
      #expect(nothing.payloads.map(\.data) == [Data()])
      let missing = try await servers.call("Unimplemented", [ConformanceUnimplementedRequest()])
      #expect(missing.error.code == .unimplemented)
    }
  }

  @Test(arguments: Carriage.all) func `streams of requests`(_ carriage: Carriage) async throws {
    try await SuiteServers.run(carriage) { servers in
      let messages = (0..<3).map { number in
        ConformanceClientStreamRequest.with {
          if number == 0 { $0.responseDefinition = Self.unary() }
          $0.requestData = Data("request \(number)".utf8)
        }
      }
      let result = try await servers.call("ClientStream", messages) {
        $0.streamType = .clientStream
        $0.requestHeaders = Self.requestHeaders
        $0.requestDelayMs = 1
      }
      #expect(!result.hasError && result.numUnsentRequests == 0)
      #expect(result.payloads.map(\.data) == [Self.data[0]])
      Self.expect(result, has: Self.headerList, Self.trailerList)
      let info = try #require(result.payloads.first).requestInfo
      let sent = try messages.map { try Packed($0) }
      #expect(info.requests.map { Packed($0) } == sent)
      expectHeaders(info)
      let none = try await servers.call("ClientStream", []) { $0.streamType = .clientStream }
      #expect(!none.hasError && none.payloads.count == 1)
    }
  }

  @Test(arguments: Carriage.all) func `streams of answers`(_ carriage: Carriage) async throws {
    try await SuiteServers.run(carriage) { servers in
      for count in 0...2 {
        let message = ConformanceServerStreamRequest.with {
          $0.responseDefinition = Self.stream(count: count)
        }
        let result = try await servers.call("ServerStream", [message]) {
          $0.streamType = .serverStream
        }
        #expect(!result.hasError)
        #expect(result.payloads.map(\.data) == Array(Self.data[..<count]))
        Self.expect(result, has: Self.headerList, Self.trailerList)
        #expect(
          result.payloads.first?.requestInfo.requests.map { Packed($0) }
            == (count == 0 ? nil : [try Packed(message)]))
      }
    }
  }

  @Test(arguments: Carriage.all) func `streams both ways`(_ carriage: Carriage) async throws {
    try await SuiteServers.run(carriage) { servers in
      for isFull in [true, false] {
        let messages = (0..<2).map { number in
          ConformanceBidiStreamRequest.with {
            if number == 0 {
              $0.responseDefinition = Self.stream()
              $0.fullDuplex = isFull
            }
            $0.requestData = Data("request \(number)".utf8)
          }
        }
        let result = try await servers.call("BidiStream", messages) {
          $0.streamType = isFull ? .fullDuplexBidiStream : .halfDuplexBidiStream
        }
        #expect(!result.hasError && result.numUnsentRequests == 0)
        #expect(result.payloads.map(\.data) == Self.data)
        Self.expect(result, has: Self.headerList, Self.trailerList)
        let all = try messages.map { try Packed($0) }
        let told = result.payloads.map { $0.requestInfo.requests.map { Packed($0) } }
        #expect(told == (isFull ? [[all[0]], [all[1]]] : [all, []]))
      }
    }
  }

  @Test(arguments: Carriage.all) func `errors of every kind of call`(_ carriage: Carriage)
    async throws
  {
    try await SuiteServers.run(carriage) { servers in
      let unary = Self.unary(error: Self.failure)
      let calls: [(String, ConformanceStreamType, any Message, Int)] = [
        ("Unary", .unary, ConformanceUnaryRequest.with { $0.responseDefinition = unary }, 0),
        (
          "ClientStream", .clientStream,
          ConformanceClientStreamRequest.with { $0.responseDefinition = unary }, 0
        ),
      ] + (0...2).flatMap { count -> [(String, ConformanceStreamType, any Message, Int)] in
        let stream = Self.stream(error: Self.failure, count: count)
        return [
          (
            "ServerStream", .serverStream,
            ConformanceServerStreamRequest.with { $0.responseDefinition = stream }, count
          ),
          (
            "BidiStream", .halfDuplexBidiStream,
            ConformanceBidiStreamRequest.with { $0.responseDefinition = stream }, count
          ),
          (
            "BidiStream", .fullDuplexBidiStream,
            ConformanceBidiStreamRequest.with {
              $0.responseDefinition = stream
              $0.fullDuplex = true
            }, count
          ),
        ]
      }
      for (method, kind, message, count) in calls {
        let result = try await servers.call(method, [message]) { $0.streamType = kind }
        #expect(result.error.code == Self.failure.code, "\(method) \(kind)")
        #expect(result.error.message == Self.failure.message)
        let details = result.error.details.map { Packed($0) }
        #expect(details.first == Self.failure.details.first.map { Packed($0) })
        #expect(result.payloads.count == count, "\(method) \(kind)")
        Self.expect(result, has: Self.headerList, Self.trailerList)
      }
    }
  }

  @Test(arguments: 1...16) func `each code comes through`(_ code: Int) async throws {
    try await SuiteServers.run { servers in
      let error = ConformanceError.with {
        $0.code = ConformanceCode(rawValue: code) ?? .unspecified
        $0.message = "code \(code)"
      }
      let message = ConformanceUnaryRequest.with {
        $0.responseDefinition = Self.unary(error: error)
      }
      let result = try await servers.call("Unary", [message])
      #expect(result.error.code.rawValue == code && result.error.message == "code \(code)")
    }
  }
}
