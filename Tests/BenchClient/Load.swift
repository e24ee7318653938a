import ArgumentParser
import Foundation
import HTTP2
import Reactor
import TLS

/// Calls of one method with a prepared message: as fast as the answers come, or at a pace.
struct Load: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: """
      Calls a method in the name of each caller in turn and prints: calls, seconds, p50 and p99 \
      in µs, and how many were refused of those that may be.
      """)

  @Option(name: .long, help: "HOST:PORT of a service.") var address: String
  @Option(name: .long, help: "The authority that we trust, a PEM file.") var ca: String
  @Option(name: .long, help: "Our certificate chain, a PEM file.") var certificate: String
  @Option(name: .long, help: "Our private key, a PEM file.") var key: String
  @Option(name: .long, help: "Such as ikso.goals.v1.GoalsService/ListGoals.") var method: String
  @Option(name: .long, help: "A serialised message, a file; of several each in turn.")
  var message: [String]
  @Option(name: .long, help: "Access tokens, a file with one a line; none: without.")
  var tokens: String?
  @Flag(name: .long, help: "A call may be refused with RESOURCE_EXHAUSTED.")
  var mayBeRefused = false
  @Option(name: .long, help: "Connections, each with one call at a time.") var connections = 8
  @Option(name: .long, help: "How long new calls are made.") var seconds = 2.0
  @Option(name: .long, help: "End after so many calls, whatever time they take.") var calls: Int?
  @Option(
    name: .long,
    help: """
      So many calls a second, at times that do not wait for answers (a Poisson process): a call's \
      time then begins when it was due.
      """)
  var rate: Double?

  func validate() throws {
    guard !message.isEmpty else { throw ValidationError("--message is missing.") }
    guard connections > 0, seconds > 0, (rate ?? 1) > 0, (calls ?? 1) > 0 else {
      throw ValidationError("--connections, --seconds, --calls and --rate are above zero.")
    }
  }

  func run() async throws {
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    let reactor = reactors.reactors[0]
    try await withTaskExecutorPreference(reactor) {
      let measured = try await LoadRun(open(on: reactor), requests()).run(
        pace: rate.map { Pace(rate: $0) }, seconds: seconds, calls: calls)
      print(measured)
    }
  }

  private func open(on reactor: Reactor) async throws -> [HTTP2Connection] {
    guard let endpoint = Endpoint(address) else {
      throw ValidationError("--address is \(address); give HOST:PORT.")
    }
    let tls = try TLSContext.client(
      trustFile: ca, certificateChainFile: certificate, privateKeyFile: key)
    var opened: [HTTP2Connection] = []
    for _ in 0..<connections {
      opened.append(
        try await HTTP2Connector.connect(
          to: endpoint, tls: tls, on: reactor, deadline: .now + Load.connectTimeout))
    }
    return opened
  }

  private static let connectTimeout = Duration.seconds(10)

  private func requests() throws -> LoadRequests {
    let common: HeaderBlock = [
      ":method": "POST", ":scheme": "https", ":path": "/\(method)", ":authority": address,
      "content-type": "application/grpc", "te": "trailers", "grpc-timeout": "60S",
    ]
    var headers = [common]
    if let tokens {
      let lines = try String(contentsOfFile: tokens, encoding: .utf8).split(separator: "\n")
      guard !lines.isEmpty else { throw ValidationError("\(tokens) holds no token.") }
      headers = lines.map { token in
        var block = common
        block.append("authorization", "Bearer \(token)")
        return block
      }
    }
    return LoadRequests(
      headers: headers, bodies: try message.map(Self.framed), mayBeRefused: mayBeRefused)
  }

  private static func framed(_ file: String) throws -> [UInt8] {
    let body = [UInt8](try Data(contentsOf: URL(filePath: file)))
    let length = UInt32(body.count)
    return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + body
  }
}

struct LoadRequests: Sendable {
  /// One block for each caller.
  let headers: [HeaderBlock]
  /// Messages with the prefix that gRPC puts before them.
  let bodies: [[UInt8]]
  /// RESOURCE_EXHAUSTED is an answer.
  let mayBeRefused: Bool
}

/// What a load has measured.
struct Measured: CustomStringConvertible {
  let calls: Int
  let elapsed: Duration
  let refused: Int
  /// Ascending, of all calls.
  let times: [Duration]

  func percentile(_ share: Double) -> Duration {
    times.isEmpty ? .zero : times[min(Int(Double(times.count) * share), times.count - 1)]
  }

  var description: String {
    let (half, most) = (percentile(0.5) / .microseconds(1), percentile(0.99) / .microseconds(1))
    return "\(calls) \(elapsed / .seconds(1)) \(half) \(most) \(refused)"
  }
}

/// Why a load ended early.
struct LoadError: Error, CustomStringConvertible {
  let description: String
}
