import Foundation
import Testing

/// The corpus and changes of it, the same in every run; `Deploy/fuzz` looks further.
@Suite struct FuzzTests {
  /// Changes of each seed.
  static let changes = 150
  /// Changes at one time, at most.
  static let steps = 6

  @Test(arguments: FuzzTarget.allCases)
  func `the corpus breaks nothing`(_ target: FuzzTarget) throws {
    let seeds = try Self.seeds(target)
    #expect(seeds.count >= 10)
    for (name, seed) in seeds {
      #expect(throws: Never.self, "\(name)") { try target.check(seed) }
    }
  }

  @Test(arguments: FuzzTarget.allCases)
  func `changes of the corpus break nothing`(_ target: FuzzTarget) throws {
    let seeds = try Self.seeds(target)
    var random = FuzzRandom(state: 2_026)
    for (name, seed) in seeds {
      for number in 0..<Self.changes {
        let other = seeds[random.below(seeds.count)].bytes
        let input = Self.changed(seed, other, &random)
        #expect(throws: Never.self, "\(name), change \(number): \(input)") {
          try target.check(input)
        }
      }
    }
  }

  @Test func `cuts lose nothing`() {
    let bytes = (0..<100).map { UInt8($0) }
    for seed in UInt8.min...UInt8.max {
      let pieces = Cuts.of(bytes, seed: seed)
      #expect(pieces.flatMap(\.self) == bytes)
      #expect(!pieces.contains { $0.isEmpty })
    }
  }

  /// By name, in order.
  private static func seeds(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "Corpus/\(target.rawValue)")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      (name, Array(try Data(contentsOf: folder.appending(path: name))))
    }
  }

  /// Bytes replaced, taken out, repeated, and the rest of another seed.
  private static func changed(
    _ seed: [UInt8], _ other: [UInt8], _ random: inout FuzzRandom
  ) -> [UInt8] {
    var bytes = seed
    for _ in 0...random.below(steps) where !bytes.isEmpty {
      let position = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[position] = UInt8(random.below(256))
      case 1: bytes[position] ^= 1 << UInt8(random.below(8))
      case 2: bytes.removeSubrange(position..<min(bytes.count, position + 1 + random.below(8)))
      case 3:
        let part = bytes[position..<min(bytes.count, position + 1 + random.below(16))]
        bytes.insert(contentsOf: part, at: position)
      default: bytes = bytes[..<position] + other.suffix(random.below(other.count + 1))
      }
    }
    return bytes
  }
}
