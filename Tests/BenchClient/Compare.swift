import ArgumentParser
import Foundation
import HTTP2
import RPC
import Reactor
import SwiftProtobuf
import TLS

/// Whether a method takes as long for one kind of message as for others.
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: """
      Calls a method with messages of several kinds, in an order drawn by lot and each from an \
      address of its own, and prints of each kind: its name, calls, the median in µs, and for all \
      but the first the p of a rank test against the first.
      """)

  @Option(name: .long, help: "HOST:PORT of a service.") var address: String
  @Option(name: .long, help: "The authority that we trust, a PEM file.") var ca: String
  @Option(name: .long, help: "The gateway's certificate chain, a PEM file.")
  var certificate: String
  @Option(name: .long, help: "Its private key, a PEM file.") var key: String
  @Option(name: .long, help: "Such as ikso.identity.v1.IdentityService/Login.") var method: String
  @Option(
    name: .long,
    help: "NAME=FILE, a serialised message; several of one name are sent in turns.")
  var kind: [String]
  @Option(name: .long, help: "The status that each call has to end with.") var status = "OK"
  @Option(name: .long, help: "Calls of each kind.") var calls = 200
  @Option(name: .long, help: "Calls that are open at a time.") var lanes = 1

  func validate() throws {
    guard calls > 1, (1...1_000).contains(lanes) else {
      throw ValidationError("--calls is two or more, --lanes from 1 to 1000.")
    }
    guard method.split(separator: "/").count == 2 else {
      throw ValidationError("--method is \(method); give SERVICE/METHOD.")
    }
  }

  func run() async throws {
    let kinds = try kinds()
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    guard let endpoint = Endpoint(address) else {
      throw ValidationError("--address is \(address); give HOST:PORT.")
    }
    let client = RPCClient(
      endpoint: endpoint,
      tls: try TLSContext.client(
        trustFile: ca, certificateChainFile: certificate, privateKeyFile: key),
      reactors: reactors)
    // The connection is made, and code that runs for the first time has run.
    for kind in kinds { _ = try await time(kind.messages[0], number: 0, client) }
    let times = try await measure(kinds, client)
    await client.shutdown()
    for (place, kind) in kinds.enumerated() {
      let median = times[place].sorted()[times[place].count / 2] / .microseconds(1)
      let rank = place == 0 ? "" : " \(RankTest(times[0], times[place]).p)"
      print("\(kind.name) \(times[place].count) \(median)\(rank)")
    }
  }

  private struct Kind: Sendable {
    let name: String
    var messages: [Google_Protobuf_Empty]
  }

  /// In the order in which they are named first.
  private func kinds() throws -> [Kind] {
    var kinds: [Kind] = []
    for text in kind {
      guard let equals = text.firstIndex(of: "=") else {
        throw ValidationError("--kind is \(text); give NAME=FILE.")
      }
      let name = String(text[..<equals])
      let file = URL(filePath: String(text[text.index(after: equals)...]))
      // Its fields are unknown to the empty message, which so sends them as they are.
      let message = try Google_Protobuf_Empty(serializedBytes: try Data(contentsOf: file))
      if let place = kinds.firstIndex(where: { $0.name == name }) {
        kinds[place].messages.append(message)
      } else {
        kinds.append(Kind(name: name, messages: [message]))
      }
    }
    guard kinds.count > 1 else { throw ValidationError("--kind names fewer than two kinds.") }
    return kinds
  }

  /// By lot, so that what one call leaves to do meets calls of all kinds alike.
  private func measure(_ kinds: [Kind], _ client: RPCClient) async throws -> [[Duration]] {
    let order = kinds.indices.flatMap { place in (0..<calls).map { (place, $0) } }.shuffled()
    return try await withThrowingTaskGroup(of: [(Int, Duration)].self) { group in
      for lane in 0..<min(lanes, order.count) {
        group.addTask {
          var times: [(Int, Duration)] = []
          for number in stride(from: lane, to: order.count, by: lanes) {
            let (place, turn) = order[number]
            let messages = kinds[place].messages
            let message = messages[turn % messages.count]
            times.append((place, try await time(message, number: number + 1, client)))
          }
          return times
        }
      }
      var times = kinds.map { _ in [Duration]() }
      for try await lane in group {
        for (place, time) in lane { times[place].append(time) }
      }
      return times
    }
  }

  private func time(
    _ message: Google_Protobuf_Empty, number: Int, _ client: RPCClient
  ) async throws -> Duration {
    let names = method.split(separator: "/").map(String.init)
    var options = CallOptions()
    try options.metadata.add(
      "x-forwarded-for", "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)")
    let began = ContinuousClock.now
    var ended = "OK"
    do {
      let _: Google_Protobuf_Empty = try await client.unary(
        MethodDescriptor(service: names[0], name: names[1]), message, options)
    } catch {
      ended = error.code.name
    }
    let time = ContinuousClock.now - began
    guard ended == status else {
      throw ValidationError("A call ended with \(ended), not \(status).")
    }
    return time
  }
}

/// Mann and Whitney's test (1947), with the normal approximation and ties counted half: whether
/// values of one sample tend to be greater than those of another.
struct RankTest {
  /// How likely two samples of one distribution are at least as far apart, to either side.
  let p: Double

  init(_ one: [Duration], _ other: [Duration]) {
    let all = (one.map { ($0, true) } + other.map { ($0, false) }).sorted { $0.0 < $1.0 }
    var (rankSum, ties, start) = (0.0, 0.0, 0)
    while start < all.count {
      var end = start
      while end < all.count, all[end].0 == all[start].0 { end += 1 }
      let tied = Double(end - start)
      // Ranks begin at 1; those who tie share the middle of theirs.
      rankSum += (Double(start + end + 1) / 2) * Double(all[start..<end].count { $0.1 })
      ties += tied * tied * tied - tied
      start = end
    }
    let (m, n) = (Double(one.count), Double(other.count))
    let statistic = rankSum - m * (m + 1) / 2
    let total = m + n
    let variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    guard variance > 0 else {
      p = 1
      return
    }
    p = erfc(abs(statistic - m * n / 2) / variance.squareRoot() / 2.0.squareRoot())
  }
}
