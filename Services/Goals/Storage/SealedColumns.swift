// Generated from the fields of ikso.goals.v1 that are sealed_in a column.
// Don't edit; run Schemas/generate.

import Storage

enum CheckInColumns {
  enum Note: SealedColumn {
    static let table = "check_in"
    static let column = "note"
  }
}

enum GoalColumns {
  enum Evaluation: SealedColumn {
    static let table = "goal"
    static let column = "evaluation"
  }

  enum Measure: SealedColumn {
    static let table = "goal"
    static let column = "measure"
  }

  enum Title: SealedColumn {
    static let table = "goal"
    static let column = "title"
  }

  enum Why: SealedColumn {
    static let table = "goal"
    static let column = "why"
  }
}
