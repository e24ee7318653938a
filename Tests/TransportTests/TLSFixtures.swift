import Foundation
import ProgramSupport
import TLS

/// Certificates of a test run, made once with the openssl command in a temporary folder.
struct Certificates: Sendable {
  static let shared = Certificates()

  let folder: URL

  private init() {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ikso-tls-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try authority("ca")
      try authority("other-ca")
      try issue("server", by: "ca", "DNS:localhost,IP:127.0.0.1,URI:spiffe://ikso/goals")
      try issue("client", by: "ca", "DNS:gateway.ikso,URI:spiffe://ikso/gateway")
      try issue("stranger", by: "other-ca", "DNS:localhost,IP:127.0.0.1,URI:spiffe://ikso/goals")
      try issue("renewed", by: "ca", "DNS:localhost,DNS:renewed.ikso,URI:spiffe://ikso/goals")
      try issue("two-uris", by: "ca", "URI:spiffe://ikso/goals,URI:spiffe://ikso/privacy")
      try Data("not a certificate\n".utf8).write(to: folder.appendingPathComponent("garbage.pem"))
    } catch {
      preconditionFailure("test certificates: \(error)")
    }
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func server(
    _ name: String = "server", requireClient: Bool = true, minimumVersion: TLSVersion = .tls13
  ) throws -> TLSContext {
    try .server(
      certificateChainFile: path("\(name).pem"), privateKeyFile: path("\(name).key"),
      clientTrustFile: requireClient ? path("ca.pem") : nil,
      requireClientCertificate: requireClient, minimumVersion: minimumVersion)
  }

  func client(_ name: String? = "client", trust: String = "ca") throws -> TLSContext {
    try .client(
      trustFile: path("\(trust).pem"), certificateChainFile: name.map { path("\($0).pem") },
      privateKeyFile: name.map { path("\($0).key") })
  }

  /// SHA-256 of the SubjectPublicKeyInfo, as openssl makes it.
  func keyHash(of name: String) throws -> [UInt8] {
    let der = path("\(name).spki")
    for arguments in [
      ["x509", "-in", path("\(name).pem"), "-noout", "-pubkey", "-out", der + ".pem"],
      ["pkey", "-pubin", "-in", der + ".pem", "-outform", "DER", "-out", der],
    ] { try run(arguments) }
    let (_, output) = try runOpenSSL(["dgst", "-sha256", "-r", der], holdingInput: false)
    let digits = Array(output.prefix(64))
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
  }

  private static let newKey = [
    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2",
  ]

  private func authority(_ name: String) throws {
    try run(
      ["req", "-x509", "-subj", "/CN=\(name)", "-keyout", path("\(name).key")] + Self.newKey
        + ["-out", path("\(name).pem")])
  }

  private func issue(_ name: String, by authority: String, _ names: String) throws {
    try run(
      ["req", "-x509", "-subj", "/CN=\(name)", "-keyout", path("\(name).key")] + Self.newKey
        + ["-CA", path("\(authority).pem"), "-CAkey", path("\(authority).key")]
        + ["-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=CA:FALSE"]
        + ["-out", path("\(name).pem")])
  }

  private func run(_ arguments: [String]) throws {
    let (status, output) = try runOpenSSL(arguments, holdingInput: false)
    precondition(status == 0, output)
  }
}

/// Runs the openssl command against a server; its status and what it wrote.
func openssl(_ arguments: [String], holdingInput: Bool = false) async throws -> (Int32, String) {
  try await blocking { try runOpenSSL(arguments, holdingInput: holdingInput) }
}

private func runOpenSSL(_ arguments: [String], holdingInput: Bool) throws -> (Int32, String) {
  try Child.runBlocking(
    URL(filePath: "/usr/bin/openssl"), arguments, holdingInput: holdingInput)
}
