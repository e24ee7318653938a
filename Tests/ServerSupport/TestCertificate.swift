package import Foundation
import ProgramSupport
package import TLS

/// Certificate and key of a server under test, with the authority that vouches for it.
package struct TestCertificate: Sendable {
  package let certificate: String
  package let key: String
  /// What a client is to trust.
  package let authority: String

  package struct NotMade: Error, CustomStringConvertible {
    package let description: String
  }

  /// Files that are there already.
  package init(certificate: String, key: String, authority: String) {
    (self.certificate, self.key, self.authority) = (certificate, key, authority)
  }

  /// Makes an authority and a certificate for the names that gRPC's and Connect's tests use, with
  /// the openssl command, in `folder`.
  package init(in folder: URL) throws {
    func path(_ name: String) -> String { folder.appending(path: name).path }
    certificate = path("server.pem")
    key = path("server.key")
    authority = path("ca.pem")
    let names = ["localhost", "*.test.google.fr", "waterzooi.test.google.be", "*.test.youtube.com"]
    let alternatives = names.map { "DNS:\($0)" } + ["IP:127.0.0.1", "IP:::1"]
    let common = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
      + ["-noenc", "-days", "2"]
    try Self.openssl(
      common + ["-subj", "/CN=test authority", "-keyout", path("ca.key"), "-out", authority])
    try Self.openssl(
      common + ["-subj", "/CN=localhost", "-keyout", key, "-out", certificate]
        + ["-CA", authority, "-CAkey", path("ca.key"), "-addext", "basicConstraints=CA:FALSE"]
        + ["-addext", "subjectAltName=\(alternatives.joined(separator: ","))"])
  }

  /// - Parameter clientTrust: PEM file of the authority of client certificates, which are required
  ///   then.
  package func context(clientTrust: String? = nil) throws -> TLSContext {
    try .server(
      certificateChainFile: certificate, privateKeyFile: key, clientTrustFile: clientTrust,
      requireClientCertificate: clientTrust != nil)
  }

  private static func openssl(_ arguments: [String]) throws {
    let (status, output) = try Child.runBlocking(URL(filePath: "/usr/bin/openssl"), arguments)
    guard status == 0 else {
      throw NotMade(description: "openssl \(arguments[0]) failed:\n\(output)")
    }
  }
}

/// A temporary folder for as long as `body` runs, which only its owner may enter.
package func withTemporaryFolder<Value>(
  _ body: (URL) async throws -> Value
) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "ikso-server-\(UUID().uuidString)")
  try FileManager.default.createDirectory(
    at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}
