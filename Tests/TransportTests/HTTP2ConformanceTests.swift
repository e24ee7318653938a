import HTTP2
import TLS
import Testing

/// What a client sends and what a server has to make of it.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
  enum Step: Sendable {
    case send([UInt8])
    case awaitEnd, awaitData, awaitSettingsAnswer
  }

  enum Outcome: Sendable, Equatable {
    /// GOAWAY with one of these codes and the end of the connection.
    case connection([UInt32])
    /// RST_STREAM of the stream, or the same as an error of the connection.
    case stream([UInt32])
    case resetOnly(UInt32)
    /// Response headers on stream 1, and nothing wrong.
    case answer
    /// All frames are taken, and nothing is wrong.
    case taken
    /// The next DATA has so many bytes.
    case data(Int)
    case closed
    case settingsAnswer
  }

  let name: String
  let steps: [Step]
  let outcome: Outcome

  init(_ name: String, _ bytes: [UInt8], _ outcome: Outcome) {
    self.init(name, [.send(bytes)], outcome)
  }

  init(_ name: String, _ steps: [Step], _ outcome: Outcome) {
    self.name = name
    self.steps = steps
    self.outcome = outcome
  }

  var testDescription: String { name }

  func run(port: Int, tls: TLSContext?) throws -> String? {
    let peer = try WirePeer(port: port, tls: tls)
    peer.begin()
    for step in steps {
      switch step {
      case .send(let bytes): peer.send(bytes)
      case .awaitEnd: peer.read { $0.contains { $0.endsStream } }
      case .awaitData:
        let before = peer.frames.count
        peer.read { $0.dropFirst(before).contains { $0.kind == 0 } }
      case .awaitSettingsAnswer:
        let before = peer.frames.count
        peer.read { $0.dropFirst(before).contains { $0.kind == 4 && $0.isAnswer } }
      }
    }
    return judge(peer)
  }

  /// What is wrong, if anything.
  private func judge(_ peer: WirePeer) -> String? {
    let seen = peer.frames.count
    func count(_ isWanted: (WireFrame) -> Bool) -> Int { peer.frames.filter(isWanted).count }
    let isRight: Bool
    switch outcome {
    case .connection(let codes):
      peer.read { _ in false }
      isRight = count { $0.kind == 7 && codes.contains($0.code ?? .max) } > 0
    case .stream(let codes):
      peer.settle()
      isRight = count { ($0.kind == 3 || $0.kind == 7) && codes.contains($0.code ?? .max) } > 0
    case .resetOnly(let code):
      peer.settle()
      isRight = count { $0.kind == 3 && $0.code == code } > 0 && !peer.isClosed
    case .answer:
      peer.read { $0.contains { $0.kind == 1 && $0.stream == 1 } }
      peer.settle()
      isRight = peer.hasSettled && count { $0.kind == 1 && $0.stream == 1 } == 1
    case .taken:
      peer.settle()
      isRight = peer.hasSettled && count { $0.kind == 7 } == 0
    case .data(let length):
      peer.read { $0.dropFirst(seen).contains { $0.kind == 0 } }
      isRight = peer.frames.dropFirst(seen).first { $0.kind == 0 }?.payload.count == length
    case .closed:
      peer.read { _ in false }
      isRight = peer.isClosed
    case .settingsAnswer:
      peer.settle()
      isRight = count { $0.kind == 4 && $0.isAnswer } > 0
    }
    return isRight ? nil : "\(name): wanted \(outcome), saw \(peer.frames), closed \(peer.isClosed)"
  }
}

/// The cases of h2spec, by its numbers, and some of our own, against a server that answers every
/// request at once, before its body is there.
@Suite struct HTTP2ConformanceTests {
  @Test(arguments: [false, true])
  func `what a client may not send gets the error of the RFC`(_ encrypted: Bool) async throws {
    let certificates = Certificates.shared
    let server = try Server(
      tls: encrypted ? certificates.server(requireClient: false) : nil, accept: Self.early)
    let client = encrypted ? try certificates.client(nil) : nil
    let port = server.listener.boundPort
    let cases = ConformanceCase.all
    let wrong = try await blocking { try cases.compactMap { try $0.run(port: port, tls: client) } }
    #expect(wrong == [])
    #expect(cases.count >= 147)
    #expect(Set(cases.map(\.name)).count == cases.count)
    await server.end()
  }

  @Test func `a client that skips the preface is closed`() async throws {
    let server = try Server(accept: Self.early)
    let raw = try RawPeer(connectingTo: server.listener.boundPort)
    raw.write(Array("INVALID CONNECTION PREFACE\r\n\r\n".utf8))
    _ = try await raw.readToEnd()
    await server.end()
  }

  @Test func `the first frame of a server is SETTINGS`() async throws {
    let server = try Server(accept: Self.early)
    let raw = try RawPeer(connectingTo: server.listener.boundPort)
    raw.write(Frame.preface + Frame.settings)
    let first = try await blocking { raw.readSome() }
    #expect(first?.dropFirst(3).prefix(2) == [4, 0])
    await server.end()
  }

  @Test func `frames in flight to a stream that this side has reset are no error`() async throws {
    let server = try Server { _, stream, _, _ in
      stream.reset(.cancel)
      return Recorder()
    }
    let port = server.listener.boundPort
    let frames = try await blocking {
      let peer = try WirePeer(port: port, tls: nil)
      peer.begin()
      peer.send(Wire.headers(1, Wire.post, end: false))
      peer.read { $0.contains { $0.kind == 3 } }
      peer.send(Wire.data(1, end: false) + Wire.headers(1, Wire.field("x-test", "ok")))
      peer.settle()
      return peer.frames
    }
    #expect(frames.filter { $0.kind == 7 } == [])
    await server.end()
  }

  /// Answers at once and tells the client to stop.
  static let early: HTTP2Listener.Accept = { _, stream, _, _ in
    stream.send(headers: [":status": "404"], endStream: false)
    stream.send(data: Array("nothing here\n".utf8), endStream: true)
    if !stream.isRemoteEnded { stream.reset(.noError) }
    return Recorder()
  }
}
