// Generated from the fields of ikso.feedback.v1 that are sealed_in a column.
// Don't edit; run Schemas/generate.

import Storage

enum FeedbackColumns {
  enum Answer: SealedColumn {
    static let table = "feedback"
    static let column = "answer"
  }
}

enum InvitationColumns {
  enum OutsiderEmail: SealedColumn {
    static let table = "invitation"
    static let column = "outsider_email"
  }

  enum OutsiderName: SealedColumn {
    static let table = "invitation"
    static let column = "outsider_name"
  }
}

enum RoundColumns {
  enum Question: SealedColumn {
    static let table = "round"
    static let column = "question"
  }

  enum Topic: SealedColumn {
    static let table = "round"
    static let column = "topic"
  }
}
