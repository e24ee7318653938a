// Generated from the fields of ikso.privacy.v1 that are sealed_in a column.
// Don't edit; run Schemas/generate.

import Storage

enum AccessEntryColumns {
  enum SealedDetail: SealedColumn {
    static let table = "access_entry"
    static let column = "sealed_detail"
  }
}

enum ApplicationColumns {
  enum Address: SealedColumn {
    static let table = "application"
    static let column = "address"
  }

  enum BirthDate: SealedColumn {
    static let table = "application"
    static let column = "birth_date"
  }

  enum Email: SealedColumn {
    static let table = "application"
    static let column = "email"
  }

  enum Name: SealedColumn {
    static let table = "application"
    static let column = "name"
  }

  enum Phone: SealedColumn {
    static let table = "application"
    static let column = "phone"
  }
}

enum ArchiveChunkColumns {
  enum Sealed: SealedColumn {
    static let table = "archive_chunk"
    static let column = "sealed"
  }
}

enum BreachColumns {
  enum Consequences: SealedColumn {
    static let table = "breach"
    static let column = "consequences"
  }

  enum DelayReason: SealedColumn {
    static let table = "breach"
    static let column = "delay_reason"
  }

  enum Measures: SealedColumn {
    static let table = "breach"
    static let column = "measures"
  }

  enum Nature: SealedColumn {
    static let table = "breach"
    static let column = "nature"
  }

  enum NoRiskReason: SealedColumn {
    static let table = "breach"
    static let column = "no_risk_reason"
  }

  enum PeopleCategories: SealedColumn {
    static let table = "breach"
    static let column = "people_categories"
  }

  enum RecordCategories: SealedColumn {
    static let table = "breach"
    static let column = "record_categories"
  }
}

enum BreachEntryColumns {
  enum Text: SealedColumn {
    static let table = "breach_entry"
    static let column = "text"
  }
}

enum ComplaintColumns {
  enum Answer: SealedColumn {
    static let table = "complaint"
    static let column = "answer"
  }

  enum Text: SealedColumn {
    static let table = "complaint"
    static let column = "text"
  }
}

enum DisclosureColumns {
  enum Disclosed: SealedColumn {
    static let table = "disclosure"
    static let column = "disclosed"
  }
}

enum IntakeCaseColumns {
  enum Email: SealedColumn {
    static let table = "intake_case"
    static let column = "email"
  }

  enum Function: SealedColumn {
    static let table = "intake_case"
    static let column = "function"
  }

  enum Message: SealedColumn {
    static let table = "intake_case"
    static let column = "message"
  }

  enum Name: SealedColumn {
    static let table = "intake_case"
    static let column = "name"
  }

  enum Phone: SealedColumn {
    static let table = "intake_case"
    static let column = "phone"
  }
}

enum LegalDemandColumns {
  enum Matter: SealedColumn {
    static let table = "legal_demand"
    static let column = "matter"
  }
}

enum ProofColumns {
  enum SealedCopy: SealedColumn {
    static let table = "proof"
    static let column = "sealed_copy"
  }
}

enum RequestTextColumns {
  enum Sealed: SealedColumn {
    static let table = "request_text"
    static let column = "sealed"
  }
}

enum SubscriberColumns {
  enum Email: SealedColumn {
    static let table = "subscriber"
    static let column = "email"
  }
}
