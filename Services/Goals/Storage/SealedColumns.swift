import Storage

/// What is sealed under the owner's key.
enum GoalColumns {
  enum Title: SealedColumn {
    static let table = "goal"
    static let column = "title"
  }

  enum Why: SealedColumn {
    static let table = "goal"
    static let column = "why"
  }

  enum Measure: SealedColumn {
    static let table = "goal"
    static let column = "measure"
  }

  enum Evaluation: SealedColumn {
    static let table = "goal"
    static let column = "evaluation"
  }

  enum Note: SealedColumn {
    static let table = "check_in"
    static let column = "note"
  }
}
