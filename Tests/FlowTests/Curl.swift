import Foundation
import ProgramSupport
import RPC
import SwiftProtobuf
import Testing

/// Debian's curl at one address: a client that knows HTTP/2 and nothing of gRPC or Connect.
struct Curl: Sendable {
  let name: String
  private let address: String
  private let options: [String]

  /// People's door, without a certificate.
  static func gateway() throws -> Curl {
    let house = try House.current()
    return at(house.plan.gateway, "gateway", [])
  }

  /// The door of the house's tools, past the gateway.
  static func direct(_ service: String) throws -> Curl {
    let plan = try House.current().plan
    return try at(
      "127.0.0.1:\(plan.process(service).port)", service,
      ["--cert", plan.toolsCertificate, "--key", plan.toolsKey])
  }

  static func at(_ address: String, _ name: String, _ options: [String] = []) -> Curl {
    Curl(name: name, address: "https://\(address)", options: options)
  }

  /// Sends `body` as a request of `type` to a method, `package.Service/Method`.
  func post(
    _ method: String, _ type: String, _ body: [UInt8], _ headers: [String] = [],
    options: [String] = []
  ) async throws -> Answer {
    let folder = try ScratchFolder()
    let file = try folder.write("request", body)
    let fields = ["content-type: \(type)"] + headers
    return try await run(
      method, fields, ["--data-binary", "@\(file.path)"] + options, in: folder)
  }

  /// In JSON.
  func post(
    _ method: String, body: [UInt8], _ headers: [String] = [], options: [String] = []
  ) async throws -> Answer {
    try await post(method, "application/json", body, headers, options: options)
  }

  func post(
    _ method: String, json: String, _ headers: [String] = [], options: [String] = []
  ) async throws -> Answer {
    try await post(method, "application/json", Array(json.utf8), headers, options: options)
  }

  /// - Parameter query: name and value, which are encoded here.
  func get(
    _ method: String, _ query: [(String, String)], _ headers: [String] = []
  ) async throws -> Answer {
    let parameters = query.flatMap { ["--data-urlencode", "\($0.0)=\($0.1)"] }
    return try await run(method, headers, ["--get"] + parameters, in: ScratchFolder())
  }

  /// What a browser asks before a call.
  func preflight(_ method: String, from origin: String) async throws -> Answer {
    let headers = [
      "origin: \(origin)", "access-control-request-method: POST",
      "access-control-request-headers: authorization,content-type",
    ]
    return try await run(method, headers, ["--request", "OPTIONS"], in: ScratchFolder())
  }

  private func run(
    _ method: String, _ headers: [String], _ more: [String], in folder: ScratchFolder
  ) async throws -> Answer {
    let (head, body) = (
      folder.url.appending(path: "head"), folder.url.appending(path: "body")
    )
    let ca = try House.current().plan.ca
    let fields = headers.flatMap { ["--header", $0] }
    let run = try await Child.run(
      URL(filePath: "/usr/bin/curl"),
      ["--silent", "--show-error", "--http2", "--max-time", "120", "--cacert", ca,
        "--dump-header", head.path, "--output", body.path, "--write-out", "HTTP %{http_version}"]
        + options + fields + more + ["\(address)/\(method)"])
    #expect(run.end == .exit(0), "\(method) at \(name): \(run.output)")
    #expect(run.output == "HTTP 2", "\(method) at \(name)")
    return Answer(
      head: String(decoding: try Data(contentsOf: head), as: UTF8.self),
      body: [UInt8]((try? Data(contentsOf: body)) ?? Data()))
  }

  // MARK: Answers

  struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    /// Headers, and trailers after them.
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    init(head: String, body: [UInt8]) {
      let lines = head.split(whereSeparator: \.isNewline)
      status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
      fields = lines.dropFirst().compactMap { line in
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        return (line[..<colon].lowercased(), String(value))
      }
      self.body = body
    }

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }

    var description: String {
      "\(status) \(fields.map { "\($0.name): \($0.value)" }) \(text.prefix(500))"
    }

    func json() throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: Data(body)) as? [String: Any], "\(description)")
    }

    /// A Connect error that is the whole body.
    func error() throws -> ErrorObject {
      try JSONDecoder().decode(ErrorObject.self, from: Data(body))
    }

    /// The frames of an enveloped body.
    func frames() throws -> [Frame] { try Frame.all(body) }

    /// The same in base64, which may be padded wherever a piece was sent.
    func textFrames() throws -> [Frame] {
      var bytes: [UInt8] = []
      for start in stride(from: 0, to: body.count, by: 4) {
        let group = Data(body[start..<min(start + 4, body.count)])
        bytes += [UInt8](try #require(Data(base64Encoded: group), "\(description)"))
      }
      return try Frame.all(bytes)
    }
  }
}

/// A message, or an end, behind its flag and length.
struct Frame: Sendable, Equatable {
  static let endOfStream: UInt8 = 0x02
  static let trailers: UInt8 = 0x80

  let flag: UInt8
  let bytes: [UInt8]

  static func all(_ body: [UInt8]) throws -> [Frame] {
    var frames: [Frame] = []
    var rest = body[...]
    while !rest.isEmpty {
      try #require(rest.count >= 5, "half a prefix at the end of \(body.count) bytes")
      let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let flag = rest.removeFirst()
      rest = rest.dropFirst(4)
      try #require(rest.count >= length, "\(rest.count) of \(length) bytes of a frame")
      frames.append(Frame(flag: flag, bytes: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return frames
  }

  /// The trailers of gRPC-Web.
  func fields() -> [String: String] {
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let pairs = lines.compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
    return Dictionary(pairs) { "\($0), \($1)" }
  }

  /// The end of a Connect stream.
  struct End: Decodable {
    let error: ErrorObject?
    let metadata: [String: [String]]?
  }

  func end() throws -> End { try JSONDecoder().decode(End.self, from: Data(bytes)) }
}

/// An error as Connect writes it.
struct ErrorObject: Decodable, Sendable, Equatable {
  struct Detail: Decodable, Sendable, Equatable {
    let type: String
    /// Base64 without padding.
    let value: String
  }

  let code: String
  let message: String?
  let details: [Detail]?

  /// Serialized details of the type `google.rpc.NAME`.
  func details(_ name: String) -> [Data] {
    (details ?? []).filter { $0.type == "google.rpc.\(name)" }.compactMap { detail in
      let padding = String(repeating: "=", count: (4 - detail.value.utf8.count % 4) % 4)
      return Data(base64Encoded: detail.value + padding)
    }
  }

  /// The reason of the error, which programs go by.
  func reason() throws -> String {
    let info = try #require(details("ErrorInfo").first, "\(self)")
    return try RPCErrorInfo(serializedBytes: info).reason
  }
}
