import Foundation

/// A relay of one test's own, `Python/mail_server.py`, with a certificate for `localhost`.
package struct TestRelay: Sendable {
  package struct Received: Decodable, Sendable {
    package let from: String
    package let to: String
    package let hello: String
    package let isEncrypted: Bool
    package let text: String
    /// Whether it hung up without an answer then.
    package let isLost: Bool
  }

  package struct NotStarted: Error, CustomStringConvertible {
    let output: String
    package var description: String { "the relay of the test did not start: \(output)" }
  }

  package let port: Int
  /// Signs the relay's certificate, and is it.
  package let caFile: String
  private let child: Child
  private let folder: URL

  static let python = URL(
    filePath: ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] ?? "/usr/bin/python3")

  /// Whether its tests are to run: where Deploy/test has named an interpreter, which then has to
  /// have the server's package, or where the system's has it.
  package static let isExpected: Bool = {
    if ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] != nil { return true }
    return (try? Child.runBlocking(python, ["-c", "import aiosmtpd"]))?.status == 0
  }()

  /// `mode`: starttls, tls or plain.
  package static func with(
    _ mode: String = "starttls", account: [String] = [],
    _ body: (TestRelay) async throws -> Void
  ) async throws {
    let relay = try await TestRelay(mode, account)
    defer { try? FileManager.default.removeItem(at: relay.folder) }
    try await body(relay)
  }

  private init(_ mode: String, _ account: [String]) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    caFile = folder.appending(path: "relay.pem").path
    let key = folder.appending(path: "relay.key").path
    let made = try await Child.run(
      URL(filePath: "/usr/bin/openssl"),
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
        "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key,
        "-out", caFile,
      ])
    guard made.end == .exit(0) else { throw NotStarted(output: made.output) }
    let script = Bundle.module.bundleURL.appending(path: "Python/mail_server.py").path
    child = try Child(Self.python, [script, mode, caFile, key] + account, input: nil)
    var said = ""
    for await line in child.lines {
      said = line
      break
    }
    guard let port = Int(said) else { throw NotStarted(output: said) }
    self.port = port
  }

  package func file(_ name: String, _ text: String) throws -> String {
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The next messages that have come to it.
  package func received(_ count: Int = 1) async throws -> [Received] {
    var received: [Received] = []
    for await line in child.lines where line.hasPrefix("MAIL ") {
      received.append(
        try JSONDecoder().decode(Received.self, from: Data(line.dropFirst(5).utf8)))
      if received.count == count { break }
    }
    return received
  }

  /// All that it has said, once it is ended.
  package func lastWords() async -> [String] {
    child.signal(SIGTERM)
    var lines: [String] = []
    for await line in child.lines { lines.append(line) }
    return lines
  }
}
