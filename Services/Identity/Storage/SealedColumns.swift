// Generated from the fields of ikso.identity.v1 that are sealed_in a column.
// Don't edit; run Schemas/generate.

import Storage

enum EmailChangeColumns {
  enum Email: SealedColumn {
    static let table = "email_change"
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

enum PersonColumns {
  enum Email: SealedColumn {
    static let table = "person"
    static let column = "email"
  }

  enum Name: SealedColumn {
    static let table = "person"
    static let column = "name"
  }
}

enum PersonCorrectionColumns {
  enum OldValue: SealedColumn {
    static let table = "person_correction"
    static let column = "old_value"
  }
}

enum TotpColumns {
  enum Secret: SealedColumn {
    static let table = "totp"
    static let column = "secret"
  }
}
