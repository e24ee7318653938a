import Foundation
import SwiftProtobuf
import TestSchemas
import Testing

@testable import ConformanceClient

/// The cases of the suite in which a call is ended before its answer is whole: cancellation,
/// timeouts, messages beyond the limit.
@Suite(.timeLimit(.minutes(2))) struct `Conformance of ends` {
  typealias Cancel = ConformanceClientCompatRequest.Cancel

  /// Of an answer that must not come: the call is cancelled long before.
  private static let never: UInt32 = 600_000
  /// Between answers of which the first come and the next must not.
  private static let answerDelay: UInt32 = 5_000

  private static func stream(_ count: Int, delay: UInt32) -> ConformanceStreamResponseDefinition {
    .with {
      $0.responseData = (0..<count).map { Data("answer \($0)".utf8) }
      $0.responseDelayMs = delay
    }
  }

  private static func bidi(
    _ count: Int, isFull: Bool, delay: UInt32
  ) -> [ConformanceBidiStreamRequest] {
    [
      .with {
        $0.responseDefinition = stream(count, delay: delay)
        $0.fullDuplex = isFull
      }, .with { $0.requestData = Data("second".utf8) },
    ]
  }

  @Test(arguments: Carriage.all) func `cancelled unary and client streams`(_ carriage: Carriage)
    async throws
  {
    try await SuiteServers.run(carriage) { servers in
      let slow = ConformanceUnaryResponseDefinition.with {
        $0.responseData = Data("late".utf8)
        $0.responseDelayMs = Self.never
      }
      let unary = try await servers.call(
        "Unary", [ConformanceUnaryRequest.with { $0.responseDefinition = slow }]
      ) { $0.cancel.afterCloseSendMs = 5 }
      #expect(unary.error.code == .canceled && unary.payloads.isEmpty)

      let messages = [
        ConformanceClientStreamRequest.with { $0.responseDefinition = slow },
        .with { $0.requestData = Data("second".utf8) },
      ]
      for timing in [Cancel.OneOf_CancelTiming.beforeCloseSend(.init()), .afterCloseSendMs(5)] {
        let result = try await servers.call("ClientStream", messages) {
          $0.streamType = .clientStream
          $0.cancel.cancelTiming = timing
        }
        #expect(result.error.code == .canceled && result.payloads.isEmpty)
      }
    }
  }

  @Test(arguments: 0...1) func `a stream of answers cancelled after some`(_ count: Int)
    async throws
  {
    try await SuiteServers.run { servers in
      let message = ConformanceServerStreamRequest.with {
        $0.responseDefinition = Self.stream(2, delay: count == 0 ? Self.never : Self.answerDelay)
      }
      let result = try await servers.call("ServerStream", [message]) {
        $0.streamType = .serverStream
        $0.cancel.afterNumResponses = UInt32(count)
      }
      #expect(result.error.code == .canceled && result.payloads.count == count)
    }
  }

  struct BidiCase: Sendable {
    let isFull: Bool
    let answers: Int
    let timing: Cancel.OneOf_CancelTiming
    let received: Int
    var delay = never
  }

  @Test(arguments: [
    BidiCase(isFull: true, answers: 2, timing: .afterNumResponses(0), received: 0),
    BidiCase(
      isFull: true, answers: 2, timing: .afterNumResponses(1), received: 1, delay: answerDelay),
    BidiCase(isFull: true, answers: 2, timing: .beforeCloseSend(.init()), received: 2, delay: 0),
    BidiCase(
      isFull: true, answers: 3, timing: .afterCloseSendMs(0), received: 2, delay: answerDelay),
    BidiCase(isFull: false, answers: 2, timing: .afterNumResponses(0), received: 0),
    BidiCase(
      isFull: false, answers: 2, timing: .afterNumResponses(1), received: 1, delay: answerDelay),
    BidiCase(isFull: false, answers: 2, timing: .beforeCloseSend(.init()), received: 0, delay: 0),
    BidiCase(isFull: false, answers: 2, timing: .afterCloseSendMs(5), received: 0),
  ])
  func `streams both ways cancelled`(_ test: BidiCase) async throws {
    try await SuiteServers.run { servers in
      let messages = Self.bidi(test.answers, isFull: test.isFull, delay: test.delay)
      let result = try await servers.call("BidiStream", messages) {
        $0.streamType = test.isFull ? .fullDuplexBidiStream : .halfDuplexBidiStream
        $0.cancel.cancelTiming = test.timing
      }
      #expect(result.error.code == .canceled && result.payloads.count == test.received)
    }
  }

  @Test(arguments: Carriage.all) func `timeouts of every kind of call`(_ carriage: Carriage)
    async throws
  {
    try await SuiteServers.run(carriage) { servers in
      let unary = ConformanceUnaryResponseDefinition.with { $0.responseDelayMs = Self.never }
      let stream = Self.stream(1, delay: Self.never)
      let calls: [(String, ConformanceStreamType, [any Message])] = [
        ("Unary", .unary, [ConformanceUnaryRequest.with { $0.responseDefinition = unary }]),
        (
          "ClientStream", .clientStream,
          [ConformanceClientStreamRequest.with { $0.responseDefinition = unary }]
        ),
        (
          "ServerStream", .serverStream,
          [ConformanceServerStreamRequest.with { $0.responseDefinition = stream }]
        ),
        ("BidiStream", .halfDuplexBidiStream, Self.bidi(1, isFull: false, delay: Self.never)),
        ("BidiStream", .fullDuplexBidiStream, Self.bidi(1, isFull: true, delay: Self.never)),
      ]
      for (method, kind, messages) in calls {
        let result = try await servers.call(method, messages) {
          $0.streamType = kind
          $0.timeoutMs = 100
        }
        #expect(result.error.code == .deadlineExceeded, "\(method) \(kind)")
      }
    }
  }

  @Test(arguments: Carriage.all) func `answers at the limit and beyond it`(_ carriage: Carriage)
    async throws
  {
    try await SuiteServers.run(carriage) { servers in
      for (size, isTooLarge) in [(150_000, false), (250_000, true)] {
        let data = Data(repeating: 120, count: size)
        let unary = ConformanceUnaryRequest.with {
          $0.responseDefinition.responseData = Data("small".utf8)
          // The answer holds the request.
          $0.requestData = data
        }
        let stream = ConformanceServerStreamRequest.with {
          $0.responseDefinition.responseData = [Data("small".utf8), Data("smaller".utf8)]
          $0.requestData = data
        }
        let first = try await servers.call("Unary", [unary]) { $0.messageReceiveLimit = 204_800 }
        #expect(first.hasError == isTooLarge)
        let second = try await servers.call("ServerStream", [stream]) {
          $0.streamType = .serverStream
          $0.messageReceiveLimit = 204_800
        }
        #expect(second.hasError == isTooLarge)
        guard isTooLarge else { continue }
        #expect(first.error.code == .resourceExhausted && first.payloads.isEmpty)
        #expect(second.error.code == .resourceExhausted && second.payloads.isEmpty)
      }
    }
  }
}
