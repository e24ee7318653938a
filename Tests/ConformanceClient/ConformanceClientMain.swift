import Foundation
import Reactor
import ServerSupport
import SwiftProtobuf
import Synchronization
import TestSchemas

/// The client under test of Connect's conformance suite: reads calls that it is to make from
/// standard input, and writes what came of them to standard output, in the order of their ends.
///
/// Only gRPC over HTTP/2 with binary messages is spoken, plain or with gzip.
@main
enum ConformanceClientMain {
  /// Calls that are made at a time.
  private static let callLimit = 64
  /// Bytes of a message on standard input.
  private static let sizeLimit = 16 * 1024 * 1024
  private static let output = Mutex(FileHandle.standardOutput)

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func main() async {
    do {
      let reactors = try ReactorGroup(count: ProcessInfo.processInfo.activeProcessorCount)
      reactors.start()
      defer { reactors.shutdown() }
      try await withTemporaryFolder { folder in
        try await answerAll(Clients(reactors: reactors, folder: folder))
      }
    } catch {
      FileHandle.standardError.write(Data("ConformanceClient: \(error)\n".utf8))
      exit(EXIT_FAILURE)
    }
  }

  private static func answerAll(_ clients: Clients) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var open = 0
      while let request = try readRequest() {
        if open == callLimit {
          try await group.next()
          open -= 1
        }
        open += 1
        group.addTask { try write(await ScriptedCall(request).answer(clients)) }
      }
      try await group.waitForAll()
    }
  }

  // MARK: A message behind its size in four bytes, big-endian

  /// Nil at the end of standard input.
  private static func readRequest() throws -> ConformanceClientCompatRequest? {
    guard let head = try read(4) else { return nil }
    let size = head.reduce(0) { $0 << 8 | Int($1) }
    guard size <= sizeLimit, let bytes = try read(size) else {
      throw Failure(
        description: """
          a request is to be \(size) bytes, which is beyond \(sizeLimit) or not all there; write \
          a ClientCompatRequest behind its size in four bytes, big-endian
          """)
    }
    return try ConformanceClientCompatRequest(serializedBytes: bytes)
  }

  private static func read(_ count: Int) throws -> Data? {
    var data = Data()
    while data.count < count {
      guard let more = try FileHandle.standardInput.read(upToCount: count - data.count),
        !more.isEmpty
      else {
        if data.isEmpty { return nil }
        throw Failure(description: "standard input ended after \(data.count) of \(count) bytes")
      }
      data += more
    }
    return data
  }

  private static func write(_ response: ConformanceClientCompatResponse) throws {
    let bytes: Data = try response.serializedBytes()
    let size = Data((0..<4).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) })
    try output.withLock { try $0.write(contentsOf: size + bytes) }
  }
}
