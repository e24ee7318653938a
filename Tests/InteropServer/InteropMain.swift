import ArgumentParser
import Foundation
import HTTP2
import RPC
import ServerSupport

@main
struct InteropMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "InteropServer",
    abstract: "Serves grpc.testing.TestService on the loopback address until SIGTERM or SIGINT.",
    discussion: """
      Prints one line when it listens. With --tls and no --cert, a certificate is made for
      localhost, *.test.google.fr, waterzooi.test.google.be and *.test.youtube.com.
      """)

  @Option(name: .long, help: "The port to listen on; 0 takes any that is free.")
  var port: Int

  @Option(name: .long, help: "The loopback address to listen on.")
  var host = "127.0.0.1"

  @Flag(name: .long, help: "Speak TLS instead of plaintext HTTP/2.")
  var tls = false

  @Option(name: .long, help: "With --tls: the certificate chain, a PEM file.")
  var cert: String?

  @Option(name: .long, help: "With --tls: the private key, a PEM file.")
  var key: String?

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port is \(port); give a number from 0 to 65535.")
    }
    guard (cert == nil) == (key == nil) else {
      throw ValidationError("Give --cert and --key together, or neither.")
    }
    guard tls || cert == nil else {
      throw ValidationError("--cert and --key are for TLS; add --tls.")
    }
  }

  func run() async throws {
    guard tls else { return try await serve(nil, "plaintext") }
    if let cert, let key {
      let own = TestCertificate(certificate: cert, key: key, authority: cert)
      return try await serve(own, "TLS")
    }
    // Clients read the authority for as long as the server runs.
    try await withTemporaryFolder { folder in
      let made = try TestCertificate(in: folder)
      try await serve(made, "TLS, certificate by \(made.authority)")
    }
  }

  private func serve(_ certificate: TestCertificate?, _ scheme: String) async throws {
    let configuration = RPCServerConfiguration(
      address: SocketAddress(host: host, port: port), tls: try certificate?.context())
    try await TestServer.run(TestService().methods, configuration) { port in
      let line = "InteropServer listens on \(host):\(port), \(scheme)\n"
      try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
    }
  }
}
