import Storage

/// What is sealed under the person's key.
enum PersonColumns {
  enum Name: SealedColumn {
    static let table = "person"
    static let column = "name"
  }

  enum Email: SealedColumn {
    static let table = "person"
    static let column = "email"
  }
}

enum ParentalConsentColumns {
  enum Guardian: SealedColumn {
    static let table = "parental_consent"
    static let column = "guardian"
  }

  enum Reference: SealedColumn {
    static let table = "parental_consent"
    static let column = "reference"
  }
}

enum CorrectionColumns {
  enum OldValue: SealedColumn {
    static let table = "person_correction"
    static let column = "old_value"
  }
}

enum EmailChangeColumns {
  enum Email: SealedColumn {
    static let table = "email_change"
    static let column = "email"
  }
}
