import FoundationEssentials
import RPC
import SwiftProtobuf

/// `ikso.bench.v1.Bench`: messages are `google.protobuf.BytesValue`, so that it needs no schema.
struct BenchService: Sendable {
  private typealias Bytes = Google_Protobuf_BytesValue

  /// Most bytes of one message and most messages of one answer that `Repeat` is asked for.
  private static let sizeLimit = 4 * 1024 * 1024 - 64
  private static let countLimit = 1_000_000

  var methods: [RPCMethod] {
    [
      .unary(method("Echo"), admit: { $0 }) { (request: Bytes, _) in request },
      .bidirectional(method("EchoEach", .bidirectional), admit: { $0 }) {
        (requests: RequestStream<Bytes>, _, responses: ResponseWriter<Bytes>) in
        for try await request in requests { try await responses.send(request) }
      },
      .serverStreaming(method("Repeat", .serverStreaming), admit: { $0 }) {
        (_: Bytes, call, responses: ResponseWriter<Bytes>) in
        let size = try number("bench-size", of: call, upTo: Self.sizeLimit)
        let count = try number("bench-count", of: call, upTo: Self.countLimit)
        let message = Bytes.with { $0.value = Data(repeating: 0x61, count: size) }
        for _ in 0..<count { try await responses.send(message) }
      },
    ]
  }

  private func method(_ name: String, _ kind: CallKind = .unary) -> MethodDescriptor {
    MethodDescriptor(service: "ikso.bench.v1.Bench", name: name, kind: kind)
  }

  /// Of the metadata, which `h2load` can send with any request.
  private func number(_ name: String, of call: ServerCall, upTo limit: Int) throws -> Int {
    guard let text = call.metadata.all(name).first, let number = Int(text),
      (0...limit).contains(number)
    else {
      throw RPCError.invalidArgument("the metadata \(name) must be 0 to \(limit)")
    }
    return number
  }
}
