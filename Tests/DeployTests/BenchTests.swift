import Foundation
import Testing

/// `Deploy/bench storage` and `scale`, with tiny numbers and the programs of this build.
struct BenchTests {
  private struct Figures: Decodable {
    struct Row: Decodable {
      let `case`: String
      let clients: Int
      let ours_per_second: Double
      let pgbench_per_second: Double
      let ratio: Double
      let p50_ms: Double
      let p99_ms: Double
      let tenants: Int?
      let rows: Int?
      let service_us_per_call: Double?
    }

    struct Asked: Decodable {
      let what: String
      let measured: Double
      let met: Bool
    }

    let rows: [Row]
    let asked: [Asked]
  }

  @Test func `storage compares reads and writes with pgbench, and times sealing`() async throws {
    let figures: Figures = try await bench("storage", "--clients", "2")
    #expect(figures.rows.map(\.case) == ["read", "write"])
    #expect(figures.rows.map(\.clients) == [2, 2])
    for row in figures.rows {
      #expect(row.ours_per_second > 0 && row.pgbench_per_second > 0, "\(row)")
      #expect(abs(row.ratio - row.ours_per_second / row.pgbench_per_second) < 0.01, "\(row)")
      #expect(0 < row.p50_ms && row.p50_ms <= row.p99_ms, "\(row)")
    }
    #expect(figures.asked.count { $0.what.contains("a field of 100 bytes") } == 2)
    #expect(figures.asked.allSatisfy { $0.measured > 0 })
  }

  @Test func `scale measures each size and judges the growth`() async throws {
    let figures: Figures = try await bench("scale", "--sizes", "2:60,4:120")
    #expect(figures.rows.map(\.case) == ["read", "write", "read", "write"])
    #expect(figures.rows.compactMap(\.tenants) == [2, 2, 4, 4])
    #expect(figures.rows.compactMap(\.rows) == [60, 60, 120, 120])
    #expect(figures.rows.allSatisfy { ($0.service_us_per_call ?? 0) > 0 })
    #expect(figures.asked.count == 2)
    #expect(figures.asked.allSatisfy { $0.measured >= 1 })
  }

  @Test func `signin tells whether the time of an answer says anything of an account`()
    async throws
  {
    struct Figures: Decodable {
      struct Asked: Decodable {
        let what: String
        let measured: Double
        let at_least: Double
      }
      struct Noted: Decodable {
        let section: String
        let what: String
        let value: Double
      }
      let asked: [Asked]
      let noted: [Noted]
    }
    let figures: Figures = try await bench("signin", "--sections", "timing")
    for method in ["Login", "RequestPasswordReset", "RegisterMyself"] {
      // Four kinds against members'; how it comes out with so few calls says nothing.
      let compared = figures.asked.filter { $0.what.contains(" \(method) ") }
      #expect(compared.count == 4, "\(method)")
      #expect(compared.allSatisfy { $0.at_least == 0.001 && (0...1).contains($0.measured) })
      let medians = figures.noted.filter { $0.what.contains(" \(method),") }
      #expect(medians.count == 5 && medians.allSatisfy { $0.value > 0 }, "\(method)")
    }
  }

  @Test(arguments: [
    (["storage", "--clients", "8,none"], "--clients is '8,none'"),
    (["scale", "--sizes", "10"], "--sizes is '10'"),
    (["storage", "--sections", "calls"], "--sections has 'calls'"),
    (["everything"], "nothing is called 'everything'"),
  ])
  func `what cannot be measured is named`(arguments: [String], words: String) async throws {
    try await Script.with { script in
      let outcome = try await script.run(["bench"] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.output.contains(words), "\(outcome.output)")
    }
  }

  private func bench<Result: Decodable>(_ arguments: String...) async throws -> Result {
    let binaries = try #require(
      ProcessInfo.processInfo.environment["IKSO_TEST_BINARIES"], "run the tests with Deploy/test")
    return try await Script.with { script in
      // Where a release build has its programs.
      let build = script.folder.appending(path: "build")
      try FileManager.default.createDirectory(at: build, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        at: build.appending(path: "release"), withDestinationURL: URL(filePath: binaries))
      let json = script.folder.appending(path: "figures.json")
      let outcome = try await script.run(
        ["bench"] + arguments
          + ["--quick", "--no-build", "--build-dir", build.path, "--json", json.path])
      try #require(outcome.status == 0, "\(outcome.output)")
      return try JSONDecoder().decode(Result.self, from: Data(contentsOf: json))
    }
  }
}
