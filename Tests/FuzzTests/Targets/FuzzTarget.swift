/// Code that takes in a stranger's bytes, with what has to hold whatever they are.
///
/// `Deploy/fuzz` has libFuzzer look for bytes with which it does not; `FuzzTests` gives the corpus
/// and changes of it.
enum FuzzTarget: String, CaseIterable, Sendable {
  /// The bytes of a connection: frames in, events out.
  case frames
  /// Requests of the three protocols to a server.
  case calls
  /// Messages in the body of a request: envelopes, base64, gzip, protobuf and JSON.
  case messages
  /// Header fields, queries and trailers.
  case metadata
  /// Codes, addresses, hashes of passwords, lists of breached ones.
  case credentials
  /// Access tokens and what is in them.
  case tokens
  /// What programs sign to get one.
  case assertions

  /// - Throws: `Violation`, if what has to hold does not. A trap is one too.
  func check(_ input: [UInt8]) throws {
    switch self {
    case .frames: try FramesTarget.check(input)
    case .calls: try CallsTarget.check(input)
    case .messages: try MessagesTarget.check(input)
    case .metadata: try MetadataTarget.check(input)
    case .credentials: try CredentialsTarget.check(input)
    case .tokens: try TokensTarget.check(input)
    case .assertions: try AssertionsTarget.check(input)
    }
  }
}

/// What had to hold and did not.
struct Violation: Error, CustomStringConvertible {
  let description: String
}

func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(Violation) {
  if !holds { throw Violation(description: what()) }
}

/// Reads an input as a list of choices; when it is used up all further ones are 0.
struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
  mutating func below(_ bound: Int) -> Int { Int(byte()) % bound }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// Its length in a byte, then the text.
  mutating func text() -> String {
    let count = Int(byte())
    return String(decoding: bytes(count), as: UTF8.self)
  }

  mutating func all() -> [UInt8] { bytes(rest.count) }
}

/// Lengths of pieces in which bytes may arrive.
enum Cuts {
  /// One piece for 0, single bytes for 1, else pieces that depend on `seed`.
  static func of(_ bytes: [UInt8], seed: UInt8) -> [[UInt8]] {
    if seed == 0 { return [bytes] }
    if seed == 1 { return bytes.map { [$0] } }
    var random = FuzzRandom(state: UInt64(seed))
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 + random.below(1 + Int(seed)))
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    return pieces
  }
}

/// SplitMix64: the same sequence for the same seed.
struct FuzzRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
