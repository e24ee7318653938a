import Testing

/// STYLE, "Shape": what a reader has before them at a time.
struct ShapeTests {
  static let lineLimit = 100
  static let functionLimit = 70
  static let fileLimit = 400
  static let stateMachineLimit = 700

  /// Files of one state machine, which may be longer; each with what it is the machine of.
  static let stateMachines: Exceptions = [:]

  /// Files with lines that cannot be broken.
  static let longLines: Exceptions = [:]

  /// Files with a function that is better in one piece.
  static let longFunctions: Exceptions = [
    "Services/Identity/Storage/SubjectQueries.swift": "what an export shows, table by table",
    "Services/Identity/Storage/SubjectStore.swift": "how it is read, table by table",
  ]

  @Test func `lines have up to 100 characters`() throws {
    let files =
      try Repository.swift()
      + Repository.files(["Schemas", "Services", "Shared", "Tests"], ["proto", "sql", "py"])
    var found: [String] = []
    for file in files where !Self.longLines.allows(file.path) {
      for (index, line) in file.lines.enumerated() where line.count > Self.lineLimit {
        found.append("\(file.place(index + 1)) has \(line.count) characters")
      }
    }
    #expect(found.isEmpty, "break the line, or say in longLines why not:\(found.listed)")
  }

  @Test func `files have up to 400 lines, state machines 700`() throws {
    var found: [String] = []
    for file in try Repository.swift() {
      let limit =
        Self.stateMachines.allows(file.path) ? Self.stateMachineLimit : Self.fileLimit
      if file.lineCount > limit { found.append("\(file.path) has \(file.lineCount) lines") }
    }
    #expect(found.isEmpty, "split it by what it is about:\(found.listed)")
  }

  @Test func `functions have up to 70 lines`() throws {
    var found: [String] = []
    for file in try Repository.swift() where !Self.longFunctions.allows(file.path) {
      for function in FunctionLengths.of(file.code) where function.lines > Self.functionLimit {
        found.append("\(file.place(function.line)) has \(function.lines) lines")
      }
    }
    #expect(found.isEmpty, "name a part of it:\(found.listed)")
  }

  @Test func `an exception is for a file that is there`() throws {
    let paths = Set(try Repository.swift().map(\.path))
    let lists = [
      Self.stateMachines, Self.longLines, Self.longFunctions, HabitTests.tasks, HabitTests.endings,
      HabitTests.queries, HabitTests.waits,
    ]
    let found = lists.flatMap { $0.reasons.keys }.filter { !paths.contains($0) }.sorted()
    #expect(found.isEmpty, "take the exception out:\(found.listed)")
  }

  @Test func `the rules read code and not texts`() {
    let source = #"""
      let text = "a { \(f("}")) // not a comment" // fatalError
      /* TODO /* nested */ still */ func f() { g("func {") }
      let pattern = f(/fatalError[{"]/) / 2
      """#
    let code = SwiftScrubber.code(of: source)
    #expect(!code.contains("fatalError") && !code.contains("TODO") && !code.contains("nested"))
    #expect(code.contains("f(") && code.contains("func f()") && code.contains(") / 2"))
    #expect(FunctionLengths.of(code).map(\.lines) == [1])
  }

  @Test func `a function is measured from its name to its last brace`() {
    let code = """
      func short(of: () -> Int = { 1 }) -> Int {
        let inner = { 2 }
        return inner()
      }
      struct S {
        init() {
        }
      }
      """
    #expect(FunctionLengths.of(code).map(\.lines) == [4, 2])
    #expect(FunctionLengths.of(code).map(\.line) == [1, 6])
  }
}
