import Foundation
import ProgramSupport
import Synchronization
import TLS
import Testing

@testable import HTTP2

/// What becomes of connections and sessions when certificates, keys and trust change.
@Suite struct TLSReloadTests {
  let certificates = Certificates.shared

  @Test func `a resumed session still tells who the client is`() async throws {
    let seen = Mutex<[String?]>([])
    let server = try Server(tls: certificates.server()) { connection, stream, headers, endStream in
      seen.withLock { $0.append(connection.peer?.serviceName) }
      return echo(connection, stream, headers, endStream)
    }
    let context = try certificates.client()
    var resumed: [Bool] = []
    for _ in 0..<3 {
      let connection = try await server.connect(tls: context)
      #expect(await (try connection.send("/")).ended.value == .finished)
      #expect(connection.peer?.serviceName == "goals")
      resumed.append(connection.transport.session?.isResumed == true)
      await connection.closeNow()
    }
    #expect(resumed == [false, true, true])
    #expect(seen.withLock { $0 } == ["gateway", "gateway", "gateway"])
    await server.end()
  }

  @Test func `a session is not resumed for another server name or by another context`() async throws
  {
    let server = try Server(tls: certificates.server())
    let context = try certificates.client()
    for (name, context) in [
      ("localhost", context), ("127.0.0.1", context), ("localhost", try certificates.client()),
    ] {
      let connection = try await server.connect(tls: context, serverName: name)
      #expect(connection.transport.session?.isResumed == false)
      await connection.closeNow()
    }
    await server.end()
  }

  @Test func `a renewed certificate serves new connections and leaves the old ones`() async throws {
    let files = try MaterialFolder()
    try files.install("server", trust: ["ca"])
    let context = try files.server()
    let server = try Server(tls: context)
    let client = try certificates.client()
    let old = try await server.connect(tls: client)
    #expect(try context.reloadIfChanged() == false)
    try files.install("renewed", trust: ["ca"])
    #expect(try context.reloadIfChanged() == true)
    #expect(try context.reloadIfChanged() == false)
    let new = try await server.connect(tls: client, serverName: "localhost")
    #expect(new.peer?.dnsNames == ["localhost", "renewed.ikso"])
    #expect(new.transport.session?.isResumed == false)
    #expect(old.peer?.dnsNames == ["localhost"])
    #expect(await (try old.send("/")).ended.value == .finished)
    await server.end()
  }

  @Test func `a broken file is reported once and what was loaded stays`() async throws {
    let files = try MaterialFolder()
    try files.install("server", trust: ["ca"])
    let context = try files.server()
    let server = try Server(tls: context)
    let whole = try String(contentsOfFile: certificates.path("renewed.pem"), encoding: .utf8)
    try files.write(String(whole.prefix(whole.count / 2)), "certificate.pem")
    #expect(throws: TLSError.self) { try context.reloadIfChanged() }
    #expect(try context.reloadIfChanged() == false)
    try files.write(whole, "certificate.pem")
    let other = TLSError.keyMismatch(
      certificate: files.path("certificate.pem"), privateKey: files.path("key.pem"))
    #expect(throws: other) { try context.reloadIfChanged() }
    let connection = try await server.connect(tls: certificates.client())
    #expect(connection.peer?.dnsNames == ["localhost"])
    try FileManager.default.removeItem(atPath: files.path("trust.pem"))
    #expect(throws: TLSError.self) { try context.reloadIfChanged() }
    try files.install("renewed", trust: ["ca"])
    #expect(try context.reloadIfChanged() == true)
    await server.end()
  }

  @Test func `a client that the trust no longer vouches for is drained and refused`() async throws {
    let files = try MaterialFolder()
    try files.install("server", trust: ["ca", "other-ca"])
    let context = try files.server()
    let limits = HTTP2Limits.patient.with { $0.livenessInterval = .milliseconds(10) }
    let server = try Server(tls: context, limits: limits)
    let ours = try await server.connect(tls: certificates.client())
    let strangers = try certificates.client("stranger")
    let stranger = try await server.connect(tls: strangers)
    let drained = try await stranger.whenDraining()
    try files.install("server", trust: ["ca"])
    #expect(try context.reloadIfChanged() == true)
    await drained.value
    #expect(await (try ours.send("/")).ended.value == .finished)
    #expect(try await ours.reactor.run { ours.isDraining } == false)
    // It has a session to resume, which is worth nothing now.
    let error = await failure { _ = try await server.connect(tls: strangers) }
    guard case .tls(.failed(let reason)) = error else { throw Unexpected(error) }
    #expect(reason.contains("unknown ca"))
    await server.end()
  }

  @Test func `a server that the trust no longer vouches for is left`() async throws {
    let files = try MaterialFolder()
    try files.install("client", trust: ["ca"])
    let context = try TLSContext.client(
      trustFile: files.path("trust.pem"), certificateChainFile: files.path("certificate.pem"),
      privateKeyFile: files.path("key.pem"))
    let server = try Server(tls: certificates.server())
    let limits = HTTP2Limits.patient.with { $0.livenessInterval = .milliseconds(10) }
    let connection = try await server.connect(tls: context, limits: limits)
    let drained = try await connection.whenDraining()
    try files.install("client", trust: ["other-ca"])
    #expect(try context.reloadIfChanged() == true)
    await drained.value
    let error = await failure { _ = try await server.connect(tls: context) }
    guard case .tls(.peerRefused) = error else { throw Unexpected(error) }
    await server.end()
  }

  @Test func `TLS 1.2 is spoken where configured, with ECDHE and AEAD only`() async throws {
    let server = try Server(
      tls: certificates.server(requireClient: false, minimumVersion: .tls12))
    let base = ["s_client", "-connect", server.endpoint.description, "-tls1_2", "-alpn", "h2"]
    let (status, output) = try await openssl(base)
    #expect(status == 0)
    #expect(output.contains("Cipher is ECDHE-ECDSA-"))
    for suite in ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA"] {
      let (status, _) = try await openssl(base + ["-cipher", suite])
      #expect(status != 0)
    }
    let (oldStatus, _) = try await openssl(
      ["s_client", "-connect", server.endpoint.description, "-tls1_1", "-alpn", "h2"])
    #expect(oldStatus != 0)
    let connection = try await server.connect(tls: certificates.client(nil))
    #expect(connection.transport.session?.version == "TLSv1.3")
    await server.end()
  }

  @Test func `requests are served over TLS 1.2`() async throws {
    let context = try certificates.server(requireClient: false, minimumVersion: .tls12)
    let server = try Server(tls: context, accept: HTTP2ConformanceTests.early)
    // The server closes when the answer is out, as the client goes away.
    let frames =
      Frame.preface + Frame.settings + Wire.headers(1) + Frame.goAway(last: 0, 0)
    let (end, output) = try await Child.run(
      URL(filePath: "/usr/bin/openssl"),
      ["s_client", "-connect", server.endpoint.description, "-tls1_2", "-alpn", "h2", "-quiet"],
      input: Data(frames))
    #expect(end == .exit(0))
    #expect(output.contains("nothing here"))
    await server.end()
  }

  @Test func `tickets allow no early data`() async throws {
    let limits = HTTP2Limits().with { $0.handshakeTimeout = .seconds(1) }
    let server = try Server(tls: certificates.server(requireClient: false), limits: limits)
    // Input stays open: the command ends when the server has waited for a preface in vain.
    let (_, output) = try await openssl(
      ["s_client", "-connect", server.endpoint.description, "-alpn", "h2"], holdingInput: true)
    #expect(output.contains("Post-Handshake New Session Ticket"))
    #expect(output.contains("Max Early Data: 0"))
    await server.end()
  }
}

extension HTTP2Limits {
  func with(_ change: (inout HTTP2Limits) -> Void) -> HTTP2Limits {
    var limits = self
    change(&limits)
    return limits
  }
}

extension HTTP2Connection {
  /// Fulfilled when the connection takes or makes no more requests.
  fileprivate func whenDraining() async throws -> Promise<Void> {
    let drained = Promise<Void>()
    try await reactor.run { [self] in onDraining = { drained.fulfil(()) } }
    return drained
  }
}

/// Files of a context that change under it.
private struct MaterialFolder {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ikso-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
  }

  /// Puts the certificate and key of that name and the bundle of those authorities into place.
  func install(_ name: String, trust: [String]) throws {
    func text(_ file: String) throws -> String {
      try String(contentsOfFile: Certificates.shared.path(file), encoding: .utf8)
    }
    try write(text("\(name).pem"), "certificate.pem")
    try write(text("\(name).key"), "key.pem")
    try write(trust.map { try text("\($0).pem") }.joined(), "trust.pem")
  }

  func server() throws -> TLSContext {
    try .server(
      certificateChainFile: path("certificate.pem"), privateKeyFile: path("key.pem"),
      clientTrustFile: path("trust.pem"), requireClientCertificate: true)
  }
}
