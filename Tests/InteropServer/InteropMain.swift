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
    try await withTemporaryFolder { folder in
      var trust = ""
      var configuration = RPCServerConfiguration(
        address: SocketAddress(host: host, port: port), tls: nil)
      if tls {
        let certificate: TestCertificate
        if let cert, let key {
          certificate = TestCertificate(certificate: cert, key: key, authority: cert)
        } else {
          certificate = try TestCertificate(in: folder)
          trust = ", certificate by \(certificate.authority)"
        }
        configuration.tls = try certificate.context()
      }
      let scheme = tls ? "TLS" : "plaintext"
      try await TestServer.run(TestService().methods, configuration) { port in
        let line = "InteropServer listens on \(host):\(port), \(scheme)\(trust)\n"
        try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
      }
    }
  }
}
