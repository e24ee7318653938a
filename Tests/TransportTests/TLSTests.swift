import Foundation
import Glibc
import HTTP2
import ProgramSupport
import Reactor
import Testing
import TLS

@Suite struct TLSTests {
  let certificates = Certificates.shared

  @Test func `a call over mutual TLS shows each side the other's identity`() async throws {
    let seen = Promise<PeerIdentity?>()
    let server = try Server(tls: certificates.server()) { connection, stream, headers, end in
      seen.fulfil(connection.peer)
      return echo(connection, stream, headers, end)
    }
    let connection = try await server.connect(tls: certificates.client())
    let answer = try await connection.send("/hello", body: [1, 2, 3])
    #expect(await answer.ended.value == .finished)
    #expect(answer.body == [1, 2, 3])
    #expect(answer.trailers?[first: "path"] == "/hello")
    let client = await seen.value
    #expect(client?.spiffe == "spiffe://ikso/gateway" && client?.dnsNames == ["gateway.ikso"])
    let hash = try certificates.keyHash(of: "client")
    #expect(client?.keyHash == hash)
    #expect(client?.keyHash != connection.peer?.keyHash && connection.peer?.keyHash.count == 32)
    #expect(client?.serviceName == "gateway")
    #expect(connection.peer?.serviceName == "goals")
    #expect(connection.peer?.dnsNames == ["localhost"])
    await server.end()
  }

  @Test func `a certificate with two URIs gives no identity`() async throws {
    let seen = Promise<PeerIdentity?>()
    let server = try Server(tls: certificates.server()) { connection, stream, headers, end in
      seen.fulfil(connection.peer)
      return echo(connection, stream, headers, end)
    }
    let connection = try await server.connect(tls: certificates.client("two-uris"))
    _ = await (try connection.send("/")).ended.value
    let peer = await seen.value
    #expect(peer != nil && peer?.spiffe == nil && peer?.serviceName == nil)
    await server.end()
  }

  @Test func `a server of an unknown authority is refused`() async throws {
    let server = try Server(tls: certificates.server("stranger"))
    let error = await failure { _ = try await server.connect(tls: certificates.client()) }
    guard case .tls(.peerRefused(let reason)) = error else { throw Unexpected(error) }
    #expect(reason.contains("unable to get local issuer certificate"))
    await server.end()
  }

  @Test func `a server with another host name is refused`() async throws {
    let server = try Server(tls: certificates.server())
    let context = try certificates.client()
    for name in ["goals.example", "192.0.2.1"] {
      let error = await failure {
        _ = try await server.connect(tls: context, serverName: name)
      }
      guard case .tls(.peerRefused(let reason)) = error else { throw Unexpected(error) }
      #expect(reason.contains("mismatch"))
    }
    await (try server.connect(tls: context, serverName: "localhost")).closeNow()
    await server.end()
  }

  @Test func `a client without a certificate is refused where one is required`() async throws {
    let server = try Server(tls: certificates.server()) { _, _, _, _ in
      Issue.record("a request was accepted")
      return nil
    }
    let error = await failure { _ = try await server.connect(tls: certificates.client(nil)) }
    guard case .tls(.failed(let reason)) = error else { throw Unexpected(error) }
    #expect(reason.contains("certificate required"))
    await server.end()
  }

  @Test func `a client of an unknown authority is refused`() async throws {
    let server = try Server(tls: certificates.server())
    let context = try certificates.client("stranger")
    let error = await failure { _ = try await server.connect(tls: context) }
    guard case .tls(.failed(let reason)) = error else { throw Unexpected(error) }
    #expect(reason.contains("unknown ca"))
    await server.end()
  }

  @Test func `a client needs no certificate where none is required`() async throws {
    let server = try Server(tls: certificates.server(requireClient: false))
    let connection = try await server.connect(tls: certificates.client(nil))
    #expect(await (try connection.send("/")).ended.value == .finished)
    await server.end()
  }

  @Test func `a client without ALPN is closed after the handshake`() async throws {
    let server = try Server(tls: certificates.server(requireClient: false))
    // Input stays open: the command ends only because the server closes the connection.
    let (_, output) = try await openssl(
      ["s_client", "-connect", server.endpoint.description, "-tls1_3"], holdingInput: true)
    #expect(output.contains("No ALPN negotiated"))
    await server.end()
  }

  @Test func `a client that offers another protocol or version is refused`() async throws {
    let server = try Server(tls: certificates.server(requireClient: false))
    let target = server.endpoint.description
    let (status, output) = try await openssl(["s_client", "-connect", target, "-alpn", "http/1.1"])
    #expect(status != 0)
    #expect(output.contains("no application protocol"))
    let (oldStatus, oldOutput) = try await openssl(
      ["s_client", "-connect", target, "-tls1_2", "-alpn", "h2"])
    #expect(oldStatus != 0)
    #expect(oldOutput.contains("protocol version"))
    await server.end()
  }

  @Test func `a server that agrees to no protocol is refused`() async throws {
    let program = try Child(
      URL(filePath: "/usr/bin/openssl"),
      [
        "s_server", "-accept", "127.0.0.1:0", "-cert", certificates.path("server.pem"), "-key",
        certificates.path("server.key"),
      ], input: nil)
    defer { program.signal(SIGTERM) }
    let found = await program.lines.first { $0.hasPrefix("ACCEPT ") }
    let line = try #require(found)
    let endpoint = try #require(Endpoint(String(line.dropFirst("ACCEPT ".count))))
    let group = try ReactorGroup(count: 1)
    group.start()
    let error = await failure {
      _ = try await HTTP2Connector.connect(
        to: endpoint, tls: certificates.client(nil), on: group.reactors[0],
        deadline: .now + .seconds(600))
    }
    guard case .tls(.protocolNotAgreed) = error else { throw Unexpected(error) }
    group.shutdown()
  }

  @Test func `a file that is missing or wrong is named with the remedy`() throws {
    let missing = "/nowhere/server.pem"
    #expect(throws: TLSError.certificateFile(path: missing, reason: "No such file or directory")) {
      try TLSContext.server(
        certificateChainFile: missing, privateKeyFile: certificates.path("server.key"),
        clientTrustFile: nil, requireClientCertificate: false)
    }
    #expect(throws: TLSError.privateKeyFile(path: missing, reason: "No such file or directory")) {
      try TLSContext.server(
        certificateChainFile: certificates.path("server.pem"), privateKeyFile: missing,
        clientTrustFile: nil, requireClientCertificate: false)
    }
    #expect(throws: TLSError.trustFile(path: missing, reason: "No such file or directory")) {
      try TLSContext.client(trustFile: missing, certificateChainFile: nil, privateKeyFile: nil)
    }
    let garbage = certificates.path("garbage.pem")
    for (chain, key, trust) in [
      (garbage, certificates.path("server.key"), certificates.path("ca.pem")),
      (certificates.path("server.pem"), garbage, certificates.path("ca.pem")),
      (certificates.path("server.pem"), certificates.path("server.key"), garbage),
    ] {
      let error = #expect(throws: TLSError.self) {
        try TLSContext.server(
          certificateChainFile: chain, privateKeyFile: key, clientTrustFile: trust,
          requireClientCertificate: true)
      }
      #expect(error?.description.contains("\"\(garbage)\"") == true)
      #expect(error?.description.contains("give a readable PEM file") == true)
    }
  }

  @Test func `a key of another certificate is told apart from a bad file`() throws {
    let chain = certificates.path("server.pem")
    let key = certificates.path("client.key")
    #expect(throws: TLSError.keyMismatch(certificate: chain, privateKey: key)) {
      try TLSContext.server(
        certificateChainFile: chain, privateKeyFile: key, clientTrustFile: nil,
        requireClientCertificate: false)
    }
  }

  @Test(arguments: [
    ("spiffe://ikso/goals", "goals"), ("spiffe://ikso/", nil), ("spiffe://ikso/a/b", nil),
    ("spiffe://other/goals", nil), ("spiffe://ikso.example/goals", nil), (nil, nil),
  ]) func `only an identity of our trust domain names a service`(
    _ spiffe: String?, _ service: String?
  ) {
    #expect(PeerIdentity(spiffe: spiffe).serviceName == service)
  }
}

/// An error of another kind than the test expects.
struct Unexpected: Error, CustomStringConvertible {
  let description: String
  init(_ error: (any Error)?) { description = error.map { "unexpected: \($0)" } ?? "no error" }
}

/// The HTTP2Error that the body throws.
func failure(_ body: () async throws -> Void) async -> HTTP2Error? {
  do {
    try await body()
    return nil
  } catch {
    return error as? HTTP2Error
  }
}

extension HTTP2Connection {
  /// Closes from outside the reactor.
  func closeNow() async { try? await reactor.run { [self] in close() } }
}
