import Storage

/// What is sealed: topic, question and answer under the asker's key, the rest under the
/// outsider's.
enum FeedbackColumns {
  enum Topic: SealedColumn {
    static let table = "round"
    static let column = "topic"
  }

  enum Question: SealedColumn {
    static let table = "round"
    static let column = "question"
  }

  enum OutsiderName: SealedColumn {
    static let table = "invitation"
    static let column = "outsider_name"
  }

  enum OutsiderEmail: SealedColumn {
    static let table = "invitation"
    static let column = "outsider_email"
  }

  enum Answer: SealedColumn {
    static let table = "feedback"
    static let column = "answer"
  }
}
