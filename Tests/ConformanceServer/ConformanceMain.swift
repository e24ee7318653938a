import Foundation
import HTTP2
import RPC
import ServerSupport
import SwiftProtobuf
import TestSchemas

/// The server under test of Connect's conformance suite: reads how it is to be started from
/// standard input, writes where it listens to standard output, and serves until SIGTERM or SIGINT.
///
/// The runner closes standard input as soon as it has written: that is no sign to stop.
@main
enum ConformanceMain {
  private static let host = "127.0.0.1"
  /// Bytes of a request or response on standard input and output.
  private static let sizeLimit = 1024 * 1024

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func main() async {
    do {
      ConformanceService.registerTypes()
      try await serve(try readRequest())
    } catch {
      FileHandle.standardError.write(Data("ConformanceServer: \(error)\n".utf8))
      exit(EXIT_FAILURE)
    }
  }

  private static func serve(_ request: ConformanceServerCompatRequest) async throws {
    var response = ConformanceServerCompatResponse()
    response.host = host
    var configuration = RPCServerConfiguration(
      address: SocketAddress(host: host, port: 0), tls: nil)
    if request.messageReceiveLimit > 0 {
      configuration.maxMessageBytes = Int(request.messageReceiveLimit)
    }
    if request.useTls {
      // Gone before the server listens: a runner may kill it, and nothing is to be left then.
      (configuration.tls, response.pemCert) = try await withTemporaryFolder { folder in
        let certificate = try certificate(request, in: folder)
        var trust: String?
        if !request.clientTlsCert.isEmpty {
          trust = try write(request.clientTlsCert, to: "clients.pem", in: folder)
        }
        let pem = try Data(contentsOf: URL(filePath: certificate.authority))
        return (try certificate.context(clientTrust: trust), pem)
      }
    }
    try await TestServer.run(ConformanceService().methods, configuration) { port in
      response.port = UInt32(port)
      try write(response)
    }
  }

  /// The certificate that the request brings, or one of our own.
  private static func certificate(
    _ request: ConformanceServerCompatRequest, in folder: URL
  ) throws -> TestCertificate {
    guard request.hasServerCreds else { return try TestCertificate(in: folder) }
    let certificate = try write(request.serverCreds.cert, to: "server.pem", in: folder)
    let key = try write(request.serverCreds.key, to: "server.key", in: folder)
    return TestCertificate(certificate: certificate, key: key, authority: certificate)
  }

  private static func write(_ data: Data, to name: String, in folder: URL) throws -> String {
    let file = folder.appending(path: name)
    try data.write(to: file)
    return file.path
  }

  // MARK: Standard input and output: a message behind its size in four bytes, big-endian

  private static func readRequest() throws -> ConformanceServerCompatRequest {
    let size = try read(4).reduce(0) { $0 << 8 | Int($1) }
    guard size <= sizeLimit else {
      throw Failure(description: "the request is to be \(size) bytes; \(sizeLimit) is the most")
    }
    return try ConformanceServerCompatRequest(serializedBytes: try read(size))
  }

  private static func read(_ count: Int) throws -> Data {
    var data = Data()
    while data.count < count {
      guard let more = try FileHandle.standardInput.read(upToCount: count - data.count),
        !more.isEmpty
      else {
        throw Failure(
          description: """
            standard input ended after \(data.count) of \(count) bytes; write a \
            ServerCompatRequest behind its size in four bytes, big-endian
            """)
      }
      data += more
    }
    return data
  }

  private static func write(_ response: ConformanceServerCompatResponse) throws {
    let bytes: Data = try response.serializedBytes()
    let size = Data((0..<4).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) })
    try FileHandle.standardOutput.write(contentsOf: size + bytes)
  }
}
