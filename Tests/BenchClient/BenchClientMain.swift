import ArgumentParser
import Foundation
import HTTP2
import RPC
import Reactor
import SwiftProtobuf
import TLS

@main
struct BenchClientMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "BenchClient",
    abstract: "What Deploy/bench does with our own client, and what it reads of processes.",
    subcommands: [
      Check.self, Calls.self, Load.self, Compare.self, Sealing.self, Hold.self, ProcessorTime.self,
    ])
}

struct Target: ParsableArguments {
  @Option(name: .long, help: "HOST:PORT of a server of ikso.bench.v1.Bench.")
  var address: String

  @Option(name: .long, help: "Speak TLS and trust this authority, a PEM file.")
  var ca: String?

  @Option(name: .long, help: "Send the access token in this file.")
  var token: String?

  static let echo = MethodDescriptor(service: "ikso.bench.v1.Bench", name: "Echo")

  func options() throws -> CallOptions {
    try token.map { .bearer(try String(contentsOfFile: $0, encoding: .utf8)) } ?? CallOptions()
  }

  /// Each has connections of its own.
  func clients(_ count: Int, on reactors: ReactorGroup) throws -> [RPCClient] {
    guard let endpoint = Endpoint(address) else {
      throw ValidationError("--address is \(address); give HOST:PORT.")
    }
    let context = try ca.map {
      try TLSContext.client(trustFile: $0, certificateChainFile: nil, privateKeyFile: nil)
    }
    return (0..<count).map { _ in
      RPCClient(endpoint: endpoint, tls: context, reactors: reactors)
    }
  }

  /// Runs `body` on the one reactor of a group.
  func onReactor(_ body: (ReactorGroup) async throws -> Void) async throws {
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    try await withTaskExecutorPreference(reactors.reactors[0]) { try await body(reactors) }
  }

  static func request(_ bytes: Int) -> Google_Protobuf_BytesValue {
    .with { $0.value = Data(repeating: 0x61, count: bytes) }
  }
}

/// The answer of a server is what was sent.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calls Echo with 32 and 1024 bytes and fails unless they come back.")

  @OptionGroup var target: Target

  func run() async throws {
    try await target.onReactor { reactors in
      let client = try target.clients(1, on: reactors)[0]
      for bytes in [32, 1_024] {
        let request = Target.request(bytes)
        let answer: Google_Protobuf_BytesValue = try await client.unary(
          Target.echo, request, try target.options())
        guard answer == request else {
          throw ValidationError("\(target.address) gave other bytes back than it was sent.")
        }
      }
      await client.shutdown()
    }
  }
}

struct Calls: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calls Echo and prints: calls, seconds, processor ns of client and of server.")

  @OptionGroup var target: Target

  @Option(name: .long, help: "The process whose time is taken beside our own.")
  var server: Int32

  @Option(name: .long) var connections = 8
  @Option(name: .long, help: "Calls that are open at a time on each connection.")
  var streams = 32
  @Option(name: .long, help: "Bytes of a message.")
  var payload = 32
  @Option(name: .long, help: "Calls that are measured, after a tenth as many that are not.")
  var calls = 200_000

  func run() async throws {
    try await target.onReactor { reactors in
      let clients = try target.clients(connections, on: reactors)
      let each = max(calls / (connections * streams), 10)
      try await round(clients, each / 10 + 1)
      let (own, others) = (try processorTime(getpid()), try processorTime(server))
      let elapsed = try await ContinuousClock().measure { try await round(clients, each) }
      let spent = (try processorTime(getpid()) - own, try processorTime(server) - others)
      print(each * connections * streams, elapsed / .seconds(1), spent.0, spent.1)
      for client in clients { await client.shutdown() }
    }
  }

  private func round(_ clients: [RPCClient], _ each: Int) async throws {
    let request = Target.request(payload)
    let options = try target.options()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in clients {
        for _ in 0..<streams {
          group.addTask {
            for _ in 0..<each {
              let answer: Google_Protobuf_BytesValue = try await client.unary(
                Target.echo, request, options)
              guard answer.value.count == request.value.count else {
                throw ValidationError("\(target.address) did not echo.")
              }
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

/// Connections that do nothing: what they cost the server is read from outside.
struct Hold: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Opens connections, makes a call on each, says so and holds them to end of input.")

  /// Connections that are being opened at a time.
  private static let opening = 64

  @OptionGroup var target: Target

  @Option(name: .long) var connections = 10_000

  func run() async throws {
    try await target.onReactor { reactors in
      let clients = try target.clients(connections, on: reactors)
      let request = Target.request(32)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, client) in clients.enumerated() {
          if index >= Self.opening { try await group.next() }
          group.addTask {
            let _: Google_Protobuf_BytesValue = try await client.unary(Target.echo, request)
          }
        }
        try await group.waitForAll()
      }
      try FileHandle.standardOutput.write(contentsOf: Data("held \(connections)\n".utf8))
      _ = try FileHandle.standardInput.readToEnd()
    }
  }
}
