import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import NIOPosix
import SwiftProtobuf

/// Serves an echo with grpc-swift-2 on loopback: its NIO transport, one event loop.
///
/// Arguments: none for plaintext, or the PEM files of a certificate chain and its key.
@main
struct GRPCSwiftMain {
  private typealias Transport = HTTP2ServerTransport.Posix

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    var security = Transport.TransportSecurity.plaintext
    if let certificate = arguments.first, let key = arguments.dropFirst().first {
      security = .tls(
        certificateChain: [.file(path: certificate, format: .pem)],
        privateKey: .file(path: key, format: .pem))
    }
    let transport = Transport(
      address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: security,
      eventLoopGroup: MultiThreadedEventLoopGroup(numberOfThreads: 1))
    try await withGRPCServer(transport: transport, services: [Echo()]) { _ in
      let address = try await transport.listeningAddress
      let line = "GRPCSwiftServer listens on 127.0.0.1:\(address.ipv4?.port ?? 0)\n"
      try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
      // Until it is killed, which costs nothing that is measured.
      for await _ in AsyncStream<Never>.makeStream().stream {}
    }
  }
}

/// The messages are decoded and encoded, as our own server does.
private struct Echo: RegistrableRPCService {
  private typealias Bytes = Google_Protobuf_BytesValue

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: MethodDescriptor(fullyQualifiedService: "ikso.bench.v1.Bench", method: "Echo"),
      deserializer: ProtobufDeserializer<Bytes>(), serializer: ProtobufSerializer<Bytes>()
    ) { request, _ in
      let request = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: request.message))
    }
  }
}
