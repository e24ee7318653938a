import Testing

@testable import Postgres

/// Reads like a transcript of the wire: what was sent, what came, what is to be done.
@Suite struct PostgresPipelineTests {
  private let refused = ServerError(sqlstate: "42601", message: "syntax error")

  private func statement(_ name: String) -> PreparedStatement {
    PreparedStatement(name: name, text: name, types: [])
  }

  private func describe(_ action: Pipeline<String>.Action) -> String {
    switch action {
    case .none: "-"
    case .prepared(let statement): "has \(statement.name)"
    case .preparationFailed(let statement): "forget \(statement.name)"
    case .deallocationFailed(let name): "keep \(name)"
    case .finished(let batch, .success(let rows)): "\(batch): \(rows.joined(separator: ","))"
    case .finished(let batch, .failure(let error)): "\(batch): \(error.sqlstate)"
    case .violation(let text): "violation: \(text)"
    }
  }

  private func play(
    _ pipeline: inout Pipeline<String>, _ events: [Pipeline<String>.Event]
  ) -> [String] {
    events.map { describe(pipeline.receive($0)) }.filter { $0 != "-" }
  }

  @Test func `two statements and a Sync give two results`() {
    var pipeline = Pipeline<String>()
    let (a, b) = (statement("a"), statement("b"))
    _ = pipeline.sent([.prepare(a), .execute(a), .prepare(b), .execute(b)])
    let actions = play(
      &pipeline,
      [
        .completed("parsed"), .ended, .completed("A"), .ended, .completed("parsed"), .ended,
        .completed("B"), .ended, .synced,
      ])
    #expect(actions == ["has a", "has b", "1: A,B"])
    #expect(pipeline.isEmpty)
  }

  @Test func `an error skips the rest and forgets what was not prepared`() {
    var pipeline = Pipeline<String>()
    let (a, b) = (statement("a"), statement("b"))
    _ = pipeline.sent([.execute(a), .deallocate("old"), .prepare(b), .execute(b)])
    let actions = play(
      &pipeline,
      [
        .failed(refused), .ended, .skipped, .ended, .skipped, .ended, .skipped, .ended, .synced,
      ])
    #expect(actions == ["keep old", "forget b", "1: 42601"])
  }

  @Test func `a statement that cannot be prepared is forgotten`() {
    var pipeline = Pipeline<String>()
    let a = statement("a")
    _ = pipeline.sent([.prepare(a), .execute(a)])
    let actions = play(&pipeline, [.failed(refused), .ended, .skipped, .ended, .synced])
    #expect(actions == ["forget a", "1: 42601"])
  }

  @Test func `batches finish in the order in which they were sent`() {
    var pipeline = Pipeline<String>()
    let a = statement("a")
    _ = pipeline.sent([.execute(a)])
    _ = pipeline.sent([.execute(a)])
    let first: [Pipeline<String>.Event] = [.failed(refused), .ended, .synced]
    #expect(play(&pipeline, first) == ["1: 42601"])
    #expect(!pipeline.isEmpty)
    #expect(play(&pipeline, [.completed("A"), .ended, .synced]) == ["2: A"])
  }

  @Test func `an empty batch ends with its Sync`() {
    var pipeline = Pipeline<String>()
    _ = pipeline.sent([])
    #expect(play(&pipeline, [.synced]) == ["1: "])
  }

  @Test(arguments: [true, false])
  func `an error at the Sync fails the batch`(hasEnd: Bool) {
    var pipeline = Pipeline<String>()
    _ = pipeline.sent([.execute(statement("a"))])
    var events: [Pipeline<String>.Event] = [.completed("A"), .ended, .failed(refused)]
    if hasEnd { events.append(.ended) }
    #expect(play(&pipeline, events + [.synced]) == ["1: 42601"])
  }

  @Test func `what the protocol does not allow is a violation`() {
    func violates(_ events: [Pipeline<String>.Event]) -> Bool {
      var pipeline = Pipeline<String>()
      _ = pipeline.sent([.execute(statement("a"))])
      return play(&pipeline, events).last?.hasPrefix("violation") == true
    }
    #expect(violates([.ended]))
    #expect(violates([.synced]))
    #expect(violates([.completed("A"), .completed("A")]))
    #expect(violates([.completed("A"), .ended, .synced, .completed("A")]))
    #expect(violates([.completed("A"), .ended, .ended]))
    #expect(violates([.failed(refused), .ended, .ended]))
  }

  @Test func `a lost connection tells what was refused before`() {
    var pipeline = Pipeline<String>()
    let a = statement("a")
    _ = pipeline.sent([.execute(a), .execute(a)])
    _ = pipeline.sent([.execute(a)])
    _ = play(&pipeline, [.failed(refused), .ended])
    let lost = pipeline.lose()
    #expect(lost.map(\.batch) == [1, 2])
    #expect(lost.map(\.hadNoEffect) == [true, false])
    #expect(pipeline.isEmpty)
  }

  @Test func `nothing behind the end of the server's process took effect`() {
    var pipeline = Pipeline<String>()
    let a = statement("a")
    for _ in 0..<4 { _ = pipeline.sent([.execute(a)]) }
    _ = play(&pipeline, [.completed("A"), .ended, .synced, .completed("A"), .ended])
    #expect(pipeline.currentBatch == 2)
    // The second batch has had its result and misses its Sync: perhaps it took effect.
    var ended = refused
    ended.endsSession = true
    var other = pipeline
    #expect(other.lose().map(\.hadNoEffect) == [false, false, false])
    _ = play(&pipeline, [.failed(ended), .ended])
    #expect(pipeline.lose().map(\.hadNoEffect) == [true, true, true])
  }
}
